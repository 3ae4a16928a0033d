-- Relations by name, found through search_path where no schema is given. PostgreSQL 10 to 18.
-- Parameters: $1 schemas (NULL: not given) and $2 names (as data, never quoted), arrays of the same length.
-- Columns: place (1-based in the arrays), oid, schema, name, kind, persistence, is_partition, estimated_rows, may_use_schema, may_insert, may_truncate, is_owner,
--          row_security, row_triggers, self_references, exclusions, partitions
WITH RECURSIVE wanted AS (
  SELECT w.schema, w.name, w.place FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) WITH ORDINALITY AS w (schema, name, place)
), relation AS (
  SELECT DISTINCT ON (w.place) w.place, c.oid, c.relname, c.relkind, c.relpersistence, c.relispartition, c.reltuples, c.relnamespace, c.relowner, n.nspname
    FROM wanted w
    JOIN pg_catalog.pg_class c ON c.relname = w.name
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE CASE WHEN w.schema IS NULL
              THEN n.nspname = ANY (pg_catalog.current_schemas(true))
              ELSE n.nspname = w.schema
         END
   ORDER BY w.place, pg_catalog.array_position(pg_catalog.current_schemas(true), n.nspname)
), routed AS (
  -- The relation and the partitions that its rows go to.
  SELECT r.place, r.oid, r.relkind, 0 AS depth FROM relation r
  UNION ALL
  SELECT routed.place, c.oid, c.relkind, routed.depth + 1
    FROM routed
    JOIN pg_catalog.pg_inherits i ON i.inhparent = routed.oid
    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
   WHERE routed.relkind = 'p'
)
SELECT r.place,
       r.oid::bigint AS oid,
       r.nspname::text AS schema,
       r.relname::text AS name,
       r.relkind::text AS kind,
       r.relpersistence::text AS persistence,
       r.relispartition AS is_partition,
       CASE WHEN r.reltuples > 0 THEN r.reltuples::bigint END AS estimated_rows,
       pg_catalog.has_schema_privilege(r.relnamespace, 'USAGE') AS may_use_schema,
       pg_catalog.has_table_privilege(r.oid, 'INSERT') AS may_insert,
       pg_catalog.has_table_privilege(r.oid, 'TRUNCATE') AS may_truncate,
       pg_catalog.pg_has_role(r.relowner, 'USAGE') AS is_owner,
       pg_catalog.row_security_active(r.oid) AS row_security,
       ARRAY(SELECT DISTINCT t.tgname::text
               FROM pg_catalog.pg_trigger t
               JOIN routed ON routed.oid = t.tgrelid AND routed.place = r.place
              WHERE NOT t.tgisinternal
                AND t.tgtype & 5 = 5 -- FOR EACH ROW, INSERT
                AND t.tgenabled IN ('O', 'A')
              ORDER BY 1) AS row_triggers,
       ARRAY(SELECT k.conname::text
               FROM pg_catalog.pg_constraint k
              WHERE k.contype = 'f' AND k.conrelid = r.oid AND k.confrelid = r.oid
              ORDER BY 1) AS self_references,
       ARRAY(SELECT DISTINCT k.conname::text
               FROM pg_catalog.pg_constraint k
               JOIN routed ON routed.oid = k.conrelid AND routed.place = r.place
              WHERE k.contype = 'x'
              ORDER BY 1) AS exclusions,
       (SELECT pg_catalog.count(*) FROM routed WHERE routed.place = r.place AND routed.depth > 0 AND routed.relkind <> 'p') AS partitions
  FROM relation r
 ORDER BY r.place
