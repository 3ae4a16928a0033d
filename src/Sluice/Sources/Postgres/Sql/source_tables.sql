-- Facts about relations. PostgreSQL 10 to 18.
-- Parameters: $1 their oids, as the text of an array.
-- Columns: oid, schema, name, kind, persistence, estimated_rows, bytes, block_bytes, is_heap, options, access_method, partition_key, partition_bound,
--          parent_schema, parent_name, inherits, replica_identity, replica_index, row_security, forces_row_security, tablespace, comment
SELECT c.oid::bigint AS oid,
       n.nspname::text AS schema,
       c.relname::text AS name,
       c.relkind::text AS kind,
       c.relpersistence::text AS persistence,
       CASE WHEN c.reltuples > 0 OR (c.relkind = 'r' AND pg_catalog.pg_relation_size(c.oid) = 0) THEN greatest(c.reltuples, 0)::bigint END AS estimated_rows,
       CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_relation_size(c.oid) ELSE 0 END AS bytes,
       pg_catalog.current_setting('block_size')::int AS block_bytes,
       c.relkind IN ('r', 'm') AND coalesce(am.amname, 'heap') = 'heap' AS is_heap,
       ARRAY(SELECT o FROM pg_catalog.unnest(c.reloptions) o)
         || ARRAY(SELECT 'toast.' || o FROM pg_catalog.pg_class t, pg_catalog.unnest(t.reloptions) o WHERE t.oid = c.reltoastrelid) AS options,
       CASE WHEN am.amname <> 'heap' THEN am.amname::text END AS access_method,
       CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END AS partition_bound,
       CASE WHEN c.relispartition THEN pn.nspname::text END AS parent_schema,
       CASE WHEN c.relispartition THEN p.relname::text END AS parent_name,
       ARRAY(SELECT h.relname::text FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class h ON h.oid = i.inhparent
              WHERE i.inhrelid = c.oid AND NOT c.relispartition ORDER BY i.inhseqno) AS inherits,
       c.relreplident::text AS replica_identity,
       (SELECT x.relname::text FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
         WHERE i.indrelid = c.oid AND i.indisreplident LIMIT 1) AS replica_index,
       c.relrowsecurity AS row_security,
       c.relforcerowsecurity AS forces_row_security,
       (SELECT s.spcname::text FROM pg_catalog.pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam AND c.relkind IN ('r', 'm')
  LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
  LEFT JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
  LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
 WHERE c.oid = ANY ($1::text::oid[])
 ORDER BY 2, 3
