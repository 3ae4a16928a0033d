-- The indexes of tables. PostgreSQL 10 to 18.
-- Parameters: $1 the tables' oids, as the text of an array.
-- Columns: oid, table_oid, name, definition, is_unique, is_valid, is_clustered, constraint_oid, parent_schema, parent_name, statistics, tablespace, comment
SELECT c.oid::bigint AS oid,
       i.indrelid::bigint AS table_oid,
       c.relname::text AS name,
       pg_catalog.pg_get_indexdef(c.oid) AS definition,
       i.indisunique AS is_unique,
       i.indisvalid AS is_valid,
       i.indisclustered AS is_clustered,
       (SELECT k.oid::bigint FROM pg_catalog.pg_constraint k
         WHERE k.conindid = c.oid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x') LIMIT 1) AS constraint_oid,
       pn.nspname::text AS parent_schema,
       p.relname::text AS parent_name,
       ARRAY(SELECT a.attnum::text || ' ' || (pg_catalog.to_jsonb(a) ->> 'attstattarget')
               FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = c.oid AND (pg_catalog.to_jsonb(a) ->> 'attstattarget')::int >= 0
              ORDER BY a.attnum) AS statistics,
       (SELECT s.spcname::text FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid
  LEFT JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
  LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
 WHERE i.indrelid = ANY ($1::text::oid[])
 ORDER BY i.indrelid, c.relname
