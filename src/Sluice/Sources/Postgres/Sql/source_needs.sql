-- Constraints, defaults, indexes, statistics and types that need an object of a user's which is not carried over. PostgreSQL 10 to 18.
-- Before PostgreSQL 15 it is the generated column that needs a function, not its expression: the expression is given for it.
-- Columns: oid, needs
SELECT COALESCE(x.oid, d.objid)::bigint AS oid, pg_catalog.min(pg_catalog.pg_describe_object(d.refclassid, d.refobjid, 0)) AS needs
  FROM pg_catalog.pg_depend d
  LEFT JOIN pg_catalog.pg_attrdef x ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND x.adrelid = d.objid AND x.adnum = d.objsubid
                                   AND d.refclassid <> 'pg_catalog.pg_collation'::pg_catalog.regclass
 WHERE d.classid IN ('pg_catalog.pg_constraint'::pg_catalog.regclass, 'pg_catalog.pg_attrdef'::pg_catalog.regclass,
                     'pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_type'::pg_catalog.regclass,
                     'pg_catalog.pg_statistic_ext'::pg_catalog.regclass)
   AND d.refclassid IN ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass,
                        'pg_catalog.pg_opclass'::pg_catalog.regclass, 'pg_catalog.pg_opfamily'::pg_catalog.regclass,
                        'pg_catalog.pg_collation'::pg_catalog.regclass, 'pg_catalog.pg_ts_config'::pg_catalog.regclass,
                        'pg_catalog.pg_ts_dict'::pg_catalog.regclass, 'pg_catalog.pg_am'::pg_catalog.regclass)
   AND d.refobjid >= 16384
   AND d.deptype IN ('n', 'a')
   AND NOT (d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objsubid > 0 AND x.oid IS NULL)
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend e
                    WHERE e.classid = d.refclassid AND e.objid = d.refobjid AND e.deptype = 'e')
 GROUP BY 1
