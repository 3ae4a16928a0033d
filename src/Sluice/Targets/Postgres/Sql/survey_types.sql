-- Those of some types that the session does not find. PostgreSQL 10 to 18.
-- Parameters: $1 types.
-- Columns: name
SELECT wanted.name FROM unnest($1::text[]) AS wanted (name) WHERE pg_catalog.to_regtype(wanted.name) IS NULL
