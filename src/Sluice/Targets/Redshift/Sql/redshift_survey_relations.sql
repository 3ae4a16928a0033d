-- All tables and views of users. Redshift.
-- Columns: oid, schema, name, kind, owner, rows
SELECT c.oid, n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner), c.reltuples
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'v') AND n.nspname NOT IN ('information_schema', 'pg_catalog', 'pg_internal', 'catalog_history')
