-- What DROP … CASCADE takes away: what is dropped, and what depends on it, through all levels. PostgreSQL 10 to 18.
-- Parameters: $1 oids of relations, $2 names of schemas.
-- Columns: kind, name, rows, is_dependent
WITH RECURSIVE gone (classid, objid, objsubid) AS (
  SELECT 'pg_catalog.pg_class'::regclass::oid, wanted.oid::oid, 0 FROM unnest($1::bigint[]) AS wanted (oid)
  UNION
  SELECT 'pg_catalog.pg_namespace'::regclass::oid, n.oid, 0 FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY ($2::text[])
  UNION
  -- The rule that makes a view stands for the view.
  SELECT CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass::oid END,
         coalesce(w.ev_class, d.objid),
         CASE WHEN w.oid IS NULL THEN d.objsubid ELSE 0 END
    FROM gone
    JOIN pg_catalog.pg_depend d ON d.refclassid = gone.classid AND d.refobjid = gone.objid AND (gone.objsubid = 0 OR d.refobjsubid = gone.objsubid)
    LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid AND w.rulename = '_RETURN'
   WHERE d.deptype IN ('n', 'a', 'i', 'I', 'P', 'S')
), relations AS (
  SELECT c.oid, c.relkind, c.reltuples, c.relnamespace, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
    FROM gone
    JOIN pg_catalog.pg_class c ON gone.classid = 'pg_catalog.pg_class'::regclass AND c.oid = gone.objid AND gone.objsubid = 0
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
), doomed AS (
  SELECT CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
         r.name,
         CASE WHEN r.relkind IN ('r', 'p', 'm') AND r.reltuples > 0 THEN r.reltuples::bigint END AS rows,
         NOT (r.oid = ANY ($1::bigint[]::oid[]) OR r.relnamespace IN (SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY ($2::text[]))) AS is_dependent
    FROM relations r
   WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f')
      OR (r.relkind = 'S' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i')))
  UNION ALL
  -- Columns whose type is a row of a table that goes.
  SELECT 'column', pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname), NULL, true
    FROM gone
    JOIN pg_catalog.pg_attribute a ON gone.classid = 'pg_catalog.pg_class'::regclass AND a.attrelid = gone.objid AND a.attnum = gone.objsubid AND gone.objsubid > 0
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p', 'f')
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE a.attrelid NOT IN (SELECT r.oid FROM relations r)
  UNION ALL
  SELECT 'foreign key', pg_catalog.format('%I of %I.%I', k.conname, n.nspname, c.relname), NULL, true
    FROM gone
    JOIN pg_catalog.pg_constraint k ON gone.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = gone.objid AND k.contype = 'f'
    JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE k.conrelid NOT IN (SELECT r.oid FROM relations r)
  UNION ALL
  SELECT 'function', pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)), NULL, p.pronamespace::regnamespace::text <> ALL ($2::text[])
    FROM gone
    JOIN pg_catalog.pg_proc p ON gone.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = gone.objid
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  UNION ALL
  SELECT 'policy', pg_catalog.format('%I of %I.%I', p.polname, n.nspname, c.relname), NULL, true
    FROM gone
    JOIN pg_catalog.pg_policy p ON gone.classid = 'pg_catalog.pg_policy'::regclass AND p.oid = gone.objid
    JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE p.polrelid NOT IN (SELECT r.oid FROM relations r)
  UNION ALL
  SELECT 'type', pg_catalog.format('%I.%I', n.nspname, t.typname), NULL, n.nspname <> ALL ($2::text[])
    FROM gone
    JOIN pg_catalog.pg_type t ON gone.classid = 'pg_catalog.pg_type'::regclass AND t.oid = gone.objid
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
   WHERE t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')
  UNION ALL
  SELECT 'extension', pg_catalog.quote_ident(e.extname), NULL, true
    FROM gone
    JOIN pg_catalog.pg_extension e ON gone.classid = 'pg_catalog.pg_extension'::regclass AND e.oid = gone.objid
)
SELECT doomed.kind, doomed.name, doomed.rows, doomed.is_dependent FROM doomed ORDER BY doomed.is_dependent, doomed.kind, doomed.name
