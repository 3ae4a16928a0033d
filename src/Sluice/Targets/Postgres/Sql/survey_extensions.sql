-- Extensions by their names: where they are installed, and whether they can be. PostgreSQL 10 to 18.
-- Parameters: $1 names.
-- Columns: name, schema (of an installed one), is_available
SELECT wanted.name,
       (SELECT n.nspname::text FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = wanted.name) AS schema,
       EXISTS (SELECT FROM pg_catalog.pg_available_extensions a WHERE a.name = wanted.name) AS is_available
  FROM unnest($1::text[]) AS wanted (name)
