-- The columns of relations in order, domains resolved to their base type. PostgreSQL 10 to 18.
-- Parameters: $1 oids.
-- Columns: relation (its oid), number, name, type, type_oid, type_modifier, base_oid, base_modifier, base_category, base_kind, not_null, default_sql, identity,
--          generated, may_insert
WITH RECURSIVE resolved AS (
  SELECT a.attrelid, a.attnum, a.atttypid AS typid, a.atttypmod AS typmod, a.attnotnull AS not_null, 0 AS depth
    FROM pg_catalog.pg_attribute a
   WHERE a.attrelid = ANY ($1::bigint[]::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT resolved.attrelid, resolved.attnum, t.typbasetype, t.typtypmod, resolved.not_null OR t.typnotnull, resolved.depth + 1
    FROM resolved
    JOIN pg_catalog.pg_type t ON t.oid = resolved.typid
   WHERE t.typtype = 'd'
)
SELECT a.attrelid::bigint AS relation,
       a.attnum::int AS number,
       a.attname::text AS name,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
       a.atttypid::bigint AS type_oid,
       a.atttypmod AS type_modifier,
       base.oid::bigint AS base_oid,
       resolved.typmod AS base_modifier,
       base.typcategory::text AS base_category,
       base.typtype::text AS base_kind,
       resolved.not_null,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS default_sql,
       a.attidentity::text AS identity,
       -- Through JSON: the column exists since PostgreSQL 12.
       coalesce(pg_catalog.to_jsonb(a) ->> 'attgenerated', '') AS generated,
       pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'INSERT') AS may_insert
  FROM pg_catalog.pg_attribute a
  JOIN resolved ON resolved.attrelid = a.attrelid AND resolved.attnum = a.attnum
  JOIN pg_catalog.pg_type base ON base.oid = resolved.typid AND base.typtype <> 'd'
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = ANY ($1::bigint[]::oid[])
 ORDER BY a.attrelid, a.attnum
