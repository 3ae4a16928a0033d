-- All schemas, and what the session may do in them. Redshift.
-- Columns: name, owner, may_create, may_use
SELECT nspname, pg_get_userbyid(nspowner), has_schema_privilege(nspname, 'create'), has_schema_privilege(nspname, 'usage')
  FROM pg_namespace
