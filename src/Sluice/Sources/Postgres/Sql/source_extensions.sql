-- Extensions that the types, operators and functions of relations come from. PostgreSQL 10 to 18.
-- Parameters: $1 oids of tables, their indexes, constraints and defaults, and of types, as the text of an array.
-- Columns: name, schema
SELECT DISTINCT x.extname::text AS name, n.nspname::text AS schema
  FROM pg_catalog.pg_depend d
  LEFT JOIN pg_catalog.pg_type t ON d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND t.oid = d.refobjid
  JOIN pg_catalog.pg_depend e
    ON e.classid = d.refclassid AND e.deptype = 'e'
   AND e.objid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN t.typelem ELSE d.refobjid END
  JOIN pg_catalog.pg_extension x ON e.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND x.oid = e.refobjid
  JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace
 WHERE d.objid = ANY ($1::text::oid[])
 ORDER BY 1
