-- Tables and views of users, with what is known of their rows. Redshift.
-- Columns: oid, schema, name, kind, diststyle, rows
SELECT c.oid, n.nspname, c.relname, c.relkind, c.reldiststyle, c.reltuples
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'v') AND substring(n.nspname, 1, 3) <> 'pg_' AND n.nspname NOT IN ('information_schema', 'catalog_history')
 ORDER BY 2, 3
