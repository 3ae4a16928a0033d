-- Foreign keys of relations to themselves: they hold the primary key while it is to be dropped. PostgreSQL 10 to 18.
-- Parameters: $1 oids.
-- Columns: relation (its oid), name, definition, comment
SELECT k.conrelid::bigint AS relation,
       k.conname::text AS name,
       pg_catalog.pg_get_constraintdef(k.oid) AS definition,
       pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment
  FROM pg_catalog.pg_constraint k
 WHERE k.contype = 'f' AND k.conrelid = ANY ($1::bigint[]::oid[]) AND k.confrelid = k.conrelid
 ORDER BY k.conrelid, k.conname
