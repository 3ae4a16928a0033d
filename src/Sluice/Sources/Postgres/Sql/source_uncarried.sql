-- What a database holds besides what is copied, by name. PostgreSQL 10 to 18.
-- Parameters: $1 oids of the tables that are copied, as the text of an array.
-- Columns: kind, name, reason
WITH own_namespace AS (
  SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
), of_extension AS (
  SELECT e.classid, e.objid FROM pg_catalog.pg_depend e WHERE e.deptype = 'e'
), copied AS (
  SELECT c.oid, n.nspname, c.relname, c.relacl, c.relhasrules
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.oid = ANY ($1::text::oid[])
)
SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END AS kind,
       n.nspname || '.' || c.relname AS name,
       CASE WHEN c.relkind = 'f' THEN 'its rows are on another server' ELSE 'its definition is not copied; MATERIALIZE VIEWS loads its rows into a table' END AS reason
  FROM pg_catalog.pg_class c
  JOIN own_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('v', 'm', 'f')
   AND ('pg_catalog.pg_class'::pg_catalog.regclass::oid, c.oid) NOT IN (SELECT classid, objid FROM of_extension)
UNION ALL
SELECT 'function', n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')', 'functions, procedures and aggregates are not copied'
  FROM pg_catalog.pg_proc p
  JOIN own_namespace n ON n.oid = p.pronamespace
 WHERE ('pg_catalog.pg_proc'::pg_catalog.regclass::oid, p.oid) NOT IN (SELECT classid, objid FROM of_extension)
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'i')
UNION ALL
SELECT 'trigger', copied.nspname || '.' || copied.relname || '.' || t.tgname, 'triggers are not copied'
  FROM pg_catalog.pg_trigger t
  JOIN copied ON copied.oid = t.tgrelid
 WHERE NOT t.tgisinternal
UNION ALL
SELECT 'rule', copied.nspname || '.' || copied.relname || '.' || r.rulename, 'rules are not copied'
  FROM pg_catalog.pg_rewrite r
  JOIN copied ON copied.oid = r.ev_class
UNION ALL
SELECT 'policy', copied.nspname || '.' || copied.relname || '.' || p.polname, 'policies are not copied'
  FROM pg_catalog.pg_policy p
  JOIN copied ON copied.oid = p.polrelid
UNION ALL
SELECT 'publication', p.pubname::text, 'replication is not set up'
  FROM pg_catalog.pg_publication p
UNION ALL
SELECT 'event trigger', e.evtname::text, 'event triggers are not copied'
  FROM pg_catalog.pg_event_trigger e
 WHERE ('pg_catalog.pg_event_trigger'::pg_catalog.regclass::oid, e.oid) NOT IN (SELECT classid, objid FROM of_extension)
UNION ALL
SELECT 'operator', n.nspname || '.' || o.oprname, 'operators and their classes are not copied'
  FROM pg_catalog.pg_operator o
  JOIN own_namespace n ON n.oid = o.oprnamespace
 WHERE ('pg_catalog.pg_operator'::pg_catalog.regclass::oid, o.oid) NOT IN (SELECT classid, objid FROM of_extension)
UNION ALL
SELECT 'operator class', n.nspname || '.' || o.opcname, 'operators and their classes are not copied'
  FROM pg_catalog.pg_opclass o
  JOIN own_namespace n ON n.oid = o.opcnamespace
 WHERE ('pg_catalog.pg_opclass'::pg_catalog.regclass::oid, o.oid) NOT IN (SELECT classid, objid FROM of_extension)
UNION ALL
SELECT 'cast', pg_catalog.format_type(c.castsource, NULL) || ' as ' || pg_catalog.format_type(c.casttarget, NULL), 'casts are not copied'
  FROM pg_catalog.pg_cast c
 WHERE c.oid >= 16384
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_cast'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'i')
   AND ('pg_catalog.pg_cast'::pg_catalog.regclass::oid, c.oid) NOT IN (SELECT classid, objid FROM of_extension)
UNION ALL
SELECT 'type', n.nspname || '.' || t.typname, 'types with functions of their own are not copied'
  FROM pg_catalog.pg_type t
  JOIN own_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'b' AND t.typelem = 0
   AND ('pg_catalog.pg_type'::pg_catalog.regclass::oid, t.oid) NOT IN (SELECT classid, objid FROM of_extension)
UNION ALL
SELECT 'collation', n.nspname || '.' || c.collname, 'collations are not copied'
  FROM pg_catalog.pg_collation c
  JOIN own_namespace n ON n.oid = c.collnamespace
 WHERE ('pg_catalog.pg_collation'::pg_catalog.regclass::oid, c.oid) NOT IN (SELECT classid, objid FROM of_extension)
UNION ALL
SELECT 'text search configuration', n.nspname || '.' || c.cfgname, 'text search is not set up'
  FROM pg_catalog.pg_ts_config c
  JOIN own_namespace n ON n.oid = c.cfgnamespace
 WHERE ('pg_catalog.pg_ts_config'::pg_catalog.regclass::oid, c.oid) NOT IN (SELECT classid, objid FROM of_extension)
UNION ALL
SELECT 'foreign server', s.srvname::text, 'foreign servers are not copied'
  FROM pg_catalog.pg_foreign_server s
 WHERE ('pg_catalog.pg_foreign_server'::pg_catalog.regclass::oid, s.oid) NOT IN (SELECT classid, objid FROM of_extension)
UNION ALL
SELECT 'large object', m.oid::text, 'large objects are not copied; columns keep their numbers'
  FROM pg_catalog.pg_largeobject_metadata m
UNION ALL
SELECT 'grant', copied.nspname || '.' || copied.relname, 'the new tables belong to the role that loads; rights are not copied'
  FROM copied
 WHERE copied.relacl IS NOT NULL
UNION ALL
SELECT 'default privilege', pg_catalog.pg_get_userbyid(d.defaclrole)::text, 'rights are not copied'
  FROM pg_catalog.pg_default_acl d
UNION ALL
SELECT 'inheritance', copied.nspname || '.' || copied.relname, 'it becomes a table of its own, with its own rows'
  FROM copied
 WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
                WHERE i.inhrelid = copied.oid AND NOT c.relispartition)
 ORDER BY 1, 2
