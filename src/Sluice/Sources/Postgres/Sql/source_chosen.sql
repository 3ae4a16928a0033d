-- The tables that INCLUDING and EXCLUDING choose. A partition goes with the table it is part of. PostgreSQL 10 to 18.
-- Parameters: $1 the filters as JSON: [{"schema": …, "pattern": …, "is_regex": …, "excludes": …}].
-- Columns: oid, schema, name, is_chosen, may_select
WITH RECURSIVE rule AS (
  SELECT r.schema, r.pattern, r.is_regex, r.excludes
    FROM pg_catalog.json_to_recordset($1::json) AS r (schema text, pattern text, is_regex boolean, excludes boolean)
), relation AS (
  SELECT c.oid, n.oid AS namespace, n.nspname, c.relname,
         (SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid AND c.relispartition) AS parent
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p')
     AND c.relpersistence <> 't'
     AND n.nspname <> 'information_schema'
     AND n.nspname !~ '^pg_'
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
                      WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')
), judged AS (
  SELECT r.*,
         EXISTS (SELECT 1 FROM rule
                  WHERE NOT rule.excludes AND (rule.schema IS NULL OR rule.schema = r.nspname)
                    AND CASE WHEN rule.is_regex THEN r.relname ~ rule.pattern ELSE r.relname = rule.pattern END) AS is_wanted,
         EXISTS (SELECT 1 FROM rule
                  WHERE rule.excludes AND (rule.schema IS NULL OR rule.schema = r.nspname)
                    AND CASE WHEN rule.is_regex THEN r.relname ~ rule.pattern ELSE r.relname = rule.pattern END) AS is_unwanted
    FROM relation r
), tree AS (
  SELECT j.oid, j.namespace, j.nspname, j.relname, j.is_wanted, j.is_unwanted FROM judged j WHERE j.parent IS NULL
  UNION ALL
  SELECT j.oid, j.namespace, j.nspname, j.relname, j.is_wanted OR tree.is_wanted, j.is_unwanted OR tree.is_unwanted
    FROM judged j
    JOIN tree ON tree.oid = j.parent
)
SELECT tree.oid::bigint AS oid,
       tree.nspname::text AS schema,
       tree.relname::text AS name,
       (tree.is_wanted OR NOT EXISTS (SELECT 1 FROM rule WHERE NOT rule.excludes)) AND NOT tree.is_unwanted AS is_chosen,
       pg_catalog.has_schema_privilege(tree.namespace, 'USAGE') AND pg_catalog.has_table_privilege(tree.oid, 'SELECT') AS may_select
  FROM tree
 ORDER BY 2, 3
