-- Schemas by their names, and what the role may do. PostgreSQL 10 to 18.
-- Parameters: $1 names.
-- Columns: name, exists, may_create, may_use, is_owner, may_create_schemas
SELECT wanted.name,
       n.oid IS NOT NULL AS exists,
       coalesce(pg_catalog.has_schema_privilege(n.oid, 'CREATE'), false) AS may_create,
       coalesce(pg_catalog.has_schema_privilege(n.oid, 'USAGE'), false) AS may_use,
       coalesce(pg_catalog.pg_has_role(n.nspowner, 'USAGE'), false) AS is_owner,
       pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') AS may_create_schemas
  FROM unnest($1::text[]) AS wanted (name)
  LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name
