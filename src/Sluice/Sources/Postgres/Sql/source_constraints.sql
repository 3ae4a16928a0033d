-- The constraints of tables. PostgreSQL 10 to 18.
-- Parameters: $1 the tables' oids, as the text of an array.
-- Columns: oid, table_oid, name, kind, definition, is_validated, is_deferrable, is_deferred, has_parent, columns, other_schema, other_name,
--          other_columns, on_update, on_delete, comment
SELECT k.oid::bigint AS oid,
       k.conrelid::bigint AS table_oid,
       k.conname::text AS name,
       k.contype::text AS kind,
       pg_catalog.pg_get_constraintdef(k.oid) AS definition,
       k.convalidated AS is_validated,
       k.condeferrable AS is_deferrable,
       k.condeferred AS is_deferred,
       -- Through JSON: the column exists since PostgreSQL 11.
       coalesce(pg_catalog.to_jsonb(k) ->> 'conparentid', '0') <> '0' AS has_parent,
       ARRAY(SELECT a.attname::text
               FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS u (number, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number
              ORDER BY u.place) AS columns,
       n.nspname::text AS other_schema,
       o.relname::text AS other_name,
       ARRAY(SELECT a.attname::text
               FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY AS u (number, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number
              ORDER BY u.place) AS other_columns,
       k.confupdtype::text AS on_update,
       k.confdeltype::text AS on_delete,
       pg_catalog.obj_description(k.oid, 'pg_constraint') AS comment
  FROM pg_catalog.pg_constraint k
  LEFT JOIN pg_catalog.pg_class o ON o.oid = k.confrelid
  LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.relnamespace
 WHERE k.conrelid = ANY ($1::text::oid[])
   AND k.contype IN ('c', 'p', 'u', 'x', 'f', 'n')
 ORDER BY k.conrelid, k.conname
