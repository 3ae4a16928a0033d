-- SQLite 3.26 and later. The columns of all tables.
-- table, name, declared type, is not null, default, place in the primary key, hidden (1 of a virtual table, 2 and 3 generated)
SELECT s.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden
  FROM main.sqlite_schema AS s
  JOIN pragma_table_xinfo(s.name, 'main') AS x
 WHERE s.type = 'table'
 ORDER BY s.rowid, x.cid
