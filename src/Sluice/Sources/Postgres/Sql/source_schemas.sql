-- Comments of schemas, but for the one that every database begins with. PostgreSQL 10 to 18.
-- Columns: name, comment
SELECT n.nspname::text AS name, d.description AS comment
  FROM pg_catalog.pg_namespace n
  JOIN pg_catalog.pg_description d ON d.objoid = n.oid AND d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objsubid = 0
 WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
   AND NOT (n.nspname = 'public' AND d.description = 'standard public schema')
 ORDER BY 1
