-- Functions and procedures outside of the system's schemas. Redshift.
-- Columns: schema, name
SELECT n.nspname, p.proname
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname NOT IN ('information_schema', 'pg_catalog', 'pg_internal', 'catalog_history')
