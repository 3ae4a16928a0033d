-- Tables and views of a name that the search_path finds. Redshift.
-- Parameters: :'name' (as data, never quoted).
-- Columns: oid, schema, name, kind, owner
SELECT c.oid, n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relname = :'name' AND c.relkind IN ('r', 'v') AND pg_table_is_visible(c.oid)
