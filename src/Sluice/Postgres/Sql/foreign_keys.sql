-- Foreign keys of ordinary and partitioned tables, one row for each pair of columns, but not those that partitions inherit. PostgreSQL 10 to 18.
-- Columns: schema, table, name, definition, referenced schema, referenced table, column, referenced column, comment
SELECT n.nspname::text, c.relname::text, k.conname::text, pg_catalog.pg_get_constraintdef(k.oid), rn.nspname::text, r.relname::text, a.attname::text, ra.attname::text,
       pg_catalog.obj_description(k.oid, 'pg_constraint')
  FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
  JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
 CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS pair (own, other, place)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.own
  JOIN pg_catalog.pg_attribute ra ON ra.attrelid = k.confrelid AND ra.attnum = pair.other
 WHERE k.contype = 'f' AND k.coninhcount = 0
 ORDER BY 1, 2, 3, pair.place
