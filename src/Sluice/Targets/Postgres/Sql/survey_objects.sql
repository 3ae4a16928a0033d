-- Sequences and types by their names. PostgreSQL 10 to 18.
-- Parameters: $1 schemas, $2 names, one by one.
-- Columns: kind, name
SELECT 'sequence' AS kind, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
  JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name AND c.relkind = 'S'
UNION ALL
SELECT 'type', pg_catalog.format('%I.%I', n.nspname, t.typname)
  FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
  JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
  JOIN pg_catalog.pg_type t ON t.typnamespace = n.oid AND t.typname = wanted.name
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')
 ORDER BY 1, 2
