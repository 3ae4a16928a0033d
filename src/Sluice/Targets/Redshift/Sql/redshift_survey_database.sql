-- Whether the session may create schemas. Redshift.
-- Columns: may_create_schemas
SELECT has_database_privilege(current_database(), 'create')
