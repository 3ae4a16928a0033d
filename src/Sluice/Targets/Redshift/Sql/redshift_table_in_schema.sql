-- The table or view of a name in a schema. Redshift.
-- Parameters: :'schema', :'name' (as data, never quoted).
-- Columns: oid, schema, name, kind, owner
SELECT c.oid, n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relname = :'name' AND c.relkind IN ('r', 'v') AND n.nspname = :'schema'
