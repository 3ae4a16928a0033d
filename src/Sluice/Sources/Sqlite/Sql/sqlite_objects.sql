-- SQLite 3.37 and later. What the database holds, in the order it was made.
-- type, name, table, sql, kind of table (table, virtual, shadow, view), without_rowid
-- The list is made once: joined as it is, it would be made again for each table.
WITH list AS MATERIALIZED (SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main')
SELECT s.type, s.name, s.tbl_name, s.sql, l.type, coalesce(l.wr, 0)
  FROM main.sqlite_schema AS s
  LEFT JOIN list AS l ON l.name = s.name
 ORDER BY s.rowid
