-- The valid indexes of relations, with all that is needed to build them again. PostgreSQL 10 to 18.
-- Parameters: $1 oids.
-- Columns: relation (its oid), schema, name, definition, tablespace, is_unique, is_clustered, is_replica_identity, comment, statistics ("column target" pairs),
--          storage (options), constraint_name, constraint_type, constraint_definition, is_deferrable, is_deferred, constraint_comment,
--          can_use_index, referenced_by (foreign keys of other tables)
SELECT i.indrelid::bigint AS relation,
       n.nspname::text AS schema,
       c.relname::text AS name,
       pg_catalog.pg_get_indexdef(i.indexrelid) AS definition,
       s.spcname::text AS tablespace,
       i.indisunique AS is_unique,
       i.indisclustered AS is_clustered,
       i.indisreplident AS is_replica_identity,
       pg_catalog.obj_description(i.indexrelid, 'pg_class') AS comment,
       ARRAY(SELECT a.attnum || ' ' || a.attstattarget
               FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0
                AND pg_catalog.current_setting('server_version_num')::int >= 110000
              ORDER BY a.attnum) AS statistics,
       coalesce(c.reloptions, '{}') AS storage,
       k.conname::text AS constraint_name,
       k.contype::text AS constraint_type,
       pg_catalog.pg_get_constraintdef(k.oid) AS constraint_definition,
       coalesce(k.condeferrable, false) AS is_deferrable,
       coalesce(k.condeferred, false) AS is_deferred,
       pg_catalog.obj_description(k.oid, 'pg_constraint') AS constraint_comment,
       -- Exclusion, and since PostgreSQL 18 temporal keys, are only made by ADD CONSTRAINT.
       k.contype IN ('p', 'u') AND NOT i.indisexclusion AS can_use_index,
       ARRAY(SELECT pg_catalog.format('%I.%I (%I)', fn.nspname, fc.relname, f.conname)
               FROM pg_catalog.pg_constraint f
               JOIN pg_catalog.pg_class fc ON fc.oid = f.conrelid
               JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
              WHERE f.contype = 'f' AND f.conindid = i.indexrelid AND f.conrelid <> i.indrelid
              ORDER BY 1) AS referenced_by
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
  LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
 WHERE i.indrelid = ANY ($1::bigint[]::oid[]) AND i.indisvalid
 ORDER BY i.indrelid, i.indisprimary DESC, c.relname
