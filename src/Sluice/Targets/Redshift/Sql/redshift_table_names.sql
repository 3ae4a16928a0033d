-- The tables that a missing one may have been meant for. Redshift.
-- Columns: schema, name, is_visible
SELECT n.nspname, c.relname, pg_table_is_visible(c.oid)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname NOT IN ('information_schema', 'pg_catalog', 'pg_internal', 'catalog_history')
 LIMIT 20000
