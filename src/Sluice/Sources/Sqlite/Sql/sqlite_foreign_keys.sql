-- SQLite 3.16 and later. The columns of all foreign keys.
-- table, key, referenced table, column, referenced column (null: its primary key), on update, on delete
SELECT s.name, f.id, f."table", f."from", f."to", f.on_update, f.on_delete
  FROM main.sqlite_schema AS s
  JOIN pragma_foreign_key_list(s.name, 'main') AS f
 WHERE s.type = 'table'
 ORDER BY s.rowid, f.id DESC, f.seq
