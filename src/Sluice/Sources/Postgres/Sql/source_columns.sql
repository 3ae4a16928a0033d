-- The columns of relations in order, domains resolved to their base type. PostgreSQL 10 to 18.
-- Parameters: $1 the relations' oids, as the text of an array.
-- Columns: table_oid, number, name, type, type_name, type_oid, element_oid, type_modifier, base_oid, base_kind, not_null, default_oid, default_sql,
--          identity, generated, collation_schema, collation_name, is_own_collation, statistics, storage, compression, options, comment
WITH RECURSIVE resolved AS (
  SELECT a.attrelid, a.attnum, a.atttypid AS typid
    FROM pg_catalog.pg_attribute a
   WHERE a.attrelid = ANY ($1::text::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT resolved.attrelid, resolved.attnum, t.typbasetype
    FROM resolved
    JOIN pg_catalog.pg_type t ON t.oid = resolved.typid
   WHERE t.typtype = 'd'
)
SELECT a.attrelid::bigint AS table_oid,
       a.attnum::int AS number,
       a.attname::text AS name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       t.typname::text AS type_name,
       t.oid::bigint AS type_oid,
       t.typelem::bigint AS element_oid,
       a.atttypmod AS type_modifier,
       base.oid::bigint AS base_oid,
       base.typtype::text AS base_kind,
       a.attnotnull AS not_null,
       d.oid::bigint AS default_oid,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_sql,
       a.attidentity::text AS identity,
       -- Through JSON: these columns are not in all versions.
       coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') AS generated,
       cn.nspname::text AS collation_schema,
       co.collname::text AS collation_name,
       co.oid >= 16384 AS is_own_collation,
       CASE WHEN (pg_catalog.to_jsonb(a) ->> 'attstattarget')::int >= 0 THEN (pg_catalog.to_jsonb(a) ->> 'attstattarget')::int END AS statistics,
       CASE WHEN a.attstorage <> t.typstorage
            THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END
       END AS storage,
       CASE pg_catalog.to_jsonb(a) ->> 'attcompression' WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
       ARRAY(SELECT o FROM pg_catalog.unnest(a.attoptions) o) AS options,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment
  FROM pg_catalog.pg_attribute a
  JOIN resolved ON resolved.attrelid = a.attrelid AND resolved.attnum = a.attnum
  JOIN pg_catalog.pg_type base ON base.oid = resolved.typid AND base.typtype <> 'd'
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
  LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
 WHERE a.attrelid = ANY ($1::text::oid[])
 ORDER BY 1, 2
