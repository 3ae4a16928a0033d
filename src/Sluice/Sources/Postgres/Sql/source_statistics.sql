-- Extended statistics of tables. PostgreSQL 10 to 18.
-- Parameters: $1 the tables' oids, as the text of an array.
-- Columns: oid, table_oid, schema, name, definition, target, comment
SELECT s.oid::bigint AS oid,
       s.stxrelid::bigint AS table_oid,
       n.nspname::text AS schema,
       s.stxname::text AS name,
       pg_catalog.pg_get_statisticsobjdef(s.oid) AS definition,
       -- Through JSON: the column exists since PostgreSQL 13.
       CASE WHEN (pg_catalog.to_jsonb(s) ->> 'stxstattarget')::int >= 0 THEN (pg_catalog.to_jsonb(s) ->> 'stxstattarget')::int END AS target,
       pg_catalog.obj_description(s.oid, 'pg_statistic_ext') AS comment
  FROM pg_catalog.pg_statistic_ext s
  JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
 WHERE s.stxrelid = ANY ($1::text::oid[])
 ORDER BY 2, 3, 4
