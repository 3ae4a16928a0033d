-- Enums, domains, composite types and ranges that belong to no extension. PostgreSQL 10 to 18.
-- Columns: oid, schema, name, kind, needs, labels, base_type, not_null, default_sql, collation_schema, collation_name, is_own_collation,
--          checks, check_names, attributes, attribute_types, subtype, opclass_schema, opclass_name, subtype_diff, canonical, multirange, comment
SELECT t.oid::bigint AS oid,
       n.nspname::text AS schema,
       t.typname::text AS name,
       t.typtype::text AS kind,
       -- The types that it is made of; of arrays those of their elements.
       ARRAY(SELECT CASE WHEN m.typelem <> 0 AND m.typlen = -1 THEN m.typelem ELSE m.oid END::bigint
               FROM pg_catalog.pg_type m
              WHERE m.oid = t.typbasetype OR m.oid = r.rngsubtype
                 OR m.oid IN (SELECT a.atttypid FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)) AS needs,
       ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS labels,
       CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END AS base_type,
       t.typnotnull AS not_null,
       CASE WHEN t.typtype = 'd' THEN coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), pg_catalog.quote_literal(t.typdefault)) END AS default_sql,
       cn.nspname::text AS collation_schema,
       co.collname::text AS collation_name,
       co.oid >= 16384 AS is_own_collation,
       ARRAY(SELECT pg_catalog.pg_get_constraintdef(k.oid) FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname) AS checks,
       ARRAY(SELECT k.conname::text FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c' ORDER BY k.conname) AS check_names,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS attributes,
       ARRAY(SELECT pg_catalog.format_type(a.atttypid, a.atttypmod)
                 || CASE WHEN ac.oid IS NULL THEN '' ELSE ' COLLATE ' || pg_catalog.quote_ident(an.nspname) || '.' || pg_catalog.quote_ident(ac.collname) END
               FROM pg_catalog.pg_attribute a
               JOIN pg_catalog.pg_type at ON at.oid = a.atttypid
               LEFT JOIN pg_catalog.pg_collation ac ON ac.oid = a.attcollation AND a.attcollation <> at.typcollation AND ac.oid < 16384
               LEFT JOIN pg_catalog.pg_namespace an ON an.oid = ac.collnamespace
              WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS attribute_types,
       pg_catalog.format_type(r.rngsubtype, NULL) AS subtype,
       opn.nspname::text AS opclass_schema,
       op.opcname::text AS opclass_name,
       -- Only functions of the server itself: others are not carried over.
       CASE WHEN r.rngsubdiff::oid BETWEEN 1 AND 16383 THEN r.rngsubdiff::text END AS subtype_diff,
       CASE WHEN r.rngcanonical::oid <> 0 THEN r.rngcanonical::text END AS canonical,
       (SELECT m.typname::text FROM pg_catalog.pg_type m WHERE m.oid = (pg_catalog.to_jsonb(r) ->> 'rngmultitypid')::oid) AS multirange,
       pg_catalog.obj_description(t.oid, 'pg_type') AS comment
  FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
  LEFT JOIN pg_catalog.pg_opclass op ON op.oid = r.rngsubopc AND NOT op.opcdefault
  LEFT JOIN pg_catalog.pg_namespace opn ON opn.oid = op.opcnamespace
  LEFT JOIN pg_catalog.pg_type bt ON bt.oid = t.typbasetype
  LEFT JOIN pg_catalog.pg_collation co ON co.oid = CASE WHEN t.typtype = 'r' THEN r.rngcollation WHEN t.typcollation <> bt.typcollation THEN t.typcollation END
  LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
 WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
   AND n.nspname <> 'information_schema'
   AND n.nspname !~ '^pg_'
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
                    WHERE e.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND e.objid = t.oid AND e.deptype = 'e')
 ORDER BY t.oid
