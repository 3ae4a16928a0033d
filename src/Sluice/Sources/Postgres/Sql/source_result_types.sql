-- Types by their numbers. PostgreSQL 10 to 18.
-- Parameters: $1 oids, as the text of an array.
-- Columns: oid, name, type, element_oid, kind
SELECT t.oid::bigint AS oid,
       t.typname::text AS name,
       pg_catalog.format_type(t.oid, NULL) AS type,
       t.typelem::bigint AS element_oid,
       t.typtype::text AS kind
  FROM pg_catalog.pg_type t
 WHERE t.oid = ANY ($1::text::oid[])
