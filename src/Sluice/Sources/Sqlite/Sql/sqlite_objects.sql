-- SQLite 3.37 and later. What the database holds, in the order it was made.
-- type, name, table, sql, kind of table (table, virtual, shadow, view), without_rowid
SELECT s.type, s.name, s.tbl_name, s.sql, l.type, coalesce(l.wr, 0)
  FROM main.sqlite_schema AS s
  LEFT JOIN pragma_table_list AS l ON l.schema = 'main' AND l.name = s.name
 ORDER BY s.rowid
