-- The system catalogs as PostgreSQL 8.0 had them, with Redshift's additions and none of the columns that came later.
-- Gives: rs_catalog.pg_namespace, pg_class, pg_attribute, pg_attrdef, pg_type, pg_constraint, pg_index, pg_proc, pg_description, pg_database,
-- pg_user, pg_group, pg_shadow, pg_views, pg_tables, pg_settings, pg_stat_activity, pg_language, pg_depend, pg_class_info, pg_user_info, pg_table_def.

CREATE OR REPLACE VIEW rs_catalog.pg_namespace AS
SELECT n.oid, n.nspname, rs_internal.shown_user(n.nspowner) AS nspowner, rs_internal.shown_rights(n.nspacl, 'n', n.nspowner) AS nspacl
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname NOT IN ('rs_catalog', 'rs_internal', 'rs_information_schema') AND n.nspname !~ '^pg_toast_temp_';

CREATE OR REPLACE VIEW rs_catalog.pg_class AS
SELECT r.oid, r.relname, r.namespace AS relnamespace, r.reltype, r.owner AS relowner, 0::oid AS relam, r.relfilenode, 0::oid AS reltablespace,
    r.relpages, greatest(r.reltuples, 0::real)::real AS reltuples, 0::oid AS reltoastrelid, 0::oid AS reltoastidxid, false AS relhasindex, false AS relisshared,
    r.relkind, CASE WHEN rs_internal.late_definition(r.oid) IS NULL THEN r.relnatts ELSE 0::smallint END AS relnatts, 0::smallint AS relchecks, 0::smallint AS reltriggers,
    (SELECT count(*) FROM rs_internal.constraints AS c WHERE c.relid = r.oid AND c.kind = 'u')::smallint AS relukeys,
    (SELECT count(*) FROM rs_internal.constraints AS c WHERE c.relid = r.oid AND c.kind = 'f')::smallint AS relfkeys,
    0::smallint AS relrefs, false AS relhasoids,
    EXISTS (SELECT FROM rs_internal.constraints AS c WHERE c.relid = r.oid AND c.kind = 'p') AS relhaspkey,
    r.relhasrules, false AS relhassubclass, rs_internal.shown_rights(r.relacl, 'r', r.real_owner) AS relacl,
    CASE t.diststyle WHEN 'KEY' THEN 1 WHEN 'ALL' THEN 8 WHEN 'AUTO' THEN 9 ELSE 0 END::smallint AS reldiststyle
FROM rs_internal.relations AS r
LEFT JOIN rs_internal.tables AS t ON t.relid = r.oid;

CREATE OR REPLACE VIEW rs_catalog.pg_class_info AS
SELECT c.oid AS reloid, c.relname, c.relnamespace, c.reltype, c.relowner, c.relam, c.relfilenode, c.reltablespace, c.relpages, c.reltuples,
    c.reltoastrelid, c.reltoastidxid, c.relhasindex, c.relisshared, c.relkind, c.relnatts, 0 AS relexternid, 0::smallint AS relisreplicated,
    0::smallint AS relispinned, c.reldiststyle, NULL::bigint AS relprojbaseid, c.relchecks, c.reltriggers, c.relukeys, c.relfkeys, c.relrefs, c.relhasoids,
    c.relhaspkey, c.relhasrules, c.relhassubclass, c.relacl,
    CASE c.reldiststyle WHEN 9 THEN 10 ELSE c.reldiststyle END::integer AS releffectivediststyle, t.created AS relcreationtime
FROM rs_catalog.pg_class AS c
LEFT JOIN rs_internal.tables AS t ON t.relid = c.oid;

CREATE OR REPLACE VIEW rs_catalog.pg_attribute AS
SELECT c.relid AS attrelid, c.attname, c.shown_type AS atttypid, CASE WHEN c.attstattarget > 0 THEN c.attstattarget ELSE -1 END::integer AS attstattarget,
    c.attlen, c.attnum, c.attndims::integer AS attndims, -1 AS attcacheoff, c.atttypmod, c.attbyval, c.attstorage, c.attalign, c.attnotnull,
    c.has_default AS atthasdef, c.attisdropped, c.attislocal, 0 AS attinhcount, c.is_distkey AS attisdistkey, false AS attispreloaded,
    c.sortkey AS attsortkeyord, rs_internal.encoding_code(c.encoding)::smallint AS attencodingtype, 0::smallint AS attencrypttype
FROM rs_internal.shown_columns AS c
WHERE c.relkind <> 'v' OR NOT EXISTS (SELECT FROM rs_internal.late_views AS v WHERE v.relid = c.relid);

CREATE OR REPLACE VIEW rs_catalog.pg_attrdef AS
SELECT coalesce(c.default_oid, (c.relid::bigint * 1600 + c.attnum)::bigint % 2147483647)::bigint::oid AS oid, c.relid AS adrelid, c.attnum AS adnum,
    c.default_text AS adbin, c.default_text AS adsrc
FROM rs_internal.shown_columns AS c
WHERE c.has_default AND NOT c.attisdropped;

-- Types that 8.0 had, by OID; SUPER and VARBYTE by the OIDs Redshift gives them.
CREATE OR REPLACE VIEW rs_catalog.pg_type AS
SELECT rs_internal.shown_type(t.oid) AS oid, t.typname, CASE n.nspname WHEN 'rs_catalog' THEN 11::oid WHEN 'rs_information_schema' THEN i.oid ELSE t.typnamespace END AS typnamespace,
    rs_internal.shown_user(t.typowner) AS typowner, t.typlen, t.typbyval, t.typtype, t.typisdefined, t.typdelim,
    t.typrelid, CASE WHEN t.typelem <> 0 THEN rs_internal.shown_type(t.typelem) ELSE t.typelem END AS typelem,
    t.typinput, t.typoutput, t.typreceive, t.typsend, t.typanalyze, t.typalign, t.typstorage, t.typnotnull, t.typbasetype, t.typtypmod, t.typndims,
    NULL::text AS typdefaultbin, t.typdefault
FROM pg_catalog.pg_type AS t
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
CROSS JOIN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'information_schema') AS i
WHERE t.oid IN (16, 17, 18, 19, 20, 21, 22, 23, 24, 26, 27, 28, 29, 30, 600, 601, 602, 603, 604, 628, 650, 700, 701, 705, 718, 790, 829, 869,
        1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1017, 1018, 1019, 1020, 1021, 1022, 1027, 1028,
        1033, 1034, 1040, 1041, 1042, 1043, 1082, 1083, 1114, 1115, 1182, 1183, 1184, 1185, 1186, 1187, 1231, 1263, 1266, 1270, 1560, 1561, 1562, 1563,
        1700, 1790, 2201, 2202, 2203, 2204, 2205, 2206, 2207, 2208, 2209, 2210, 2211, 2249, 2275, 2276, 2277, 2278, 2279, 2280, 2281, 2283)
    OR t.oid IN ('rs_catalog.super'::regtype, 'rs_catalog.varbyte'::regtype)
    OR t.typtype = 'c' AND t.typrelid IN (SELECT r.oid FROM rs_internal.relations AS r)
UNION ALL
-- shown_type gives text varchar's OID in columns; the type itself is still listed.
SELECT 25::oid, 'text'::name, 11::oid, 1, (-1)::smallint, false, 'b'::"char", true, ','::"char", 0::oid, 0::oid,
    t.typinput, t.typoutput, t.typreceive, t.typsend, t.typanalyze, t.typalign, t.typstorage, t.typnotnull, t.typbasetype, t.typtypmod, t.typndims, NULL, NULL
FROM pg_catalog.pg_type AS t WHERE t.oid = 25
UNION ALL
SELECT 1009::oid, '_text'::name, 11::oid, 1, (-1)::smallint, false, 'b'::"char", true, ','::"char", 0::oid, 25::oid,
    t.typinput, t.typoutput, t.typreceive, t.typsend, t.typanalyze, t.typalign, t.typstorage, t.typnotnull, t.typbasetype, t.typtypmod, t.typndims, NULL, NULL
FROM pg_catalog.pg_type AS t WHERE t.oid = 1009;

CREATE OR REPLACE VIEW rs_catalog.pg_constraint AS
SELECT c.id AS oid, c.name AS conname, r.namespace AS connamespace, c.kind AS contype, false AS condeferrable, false AS condeferred, c.relid AS conrelid,
    0::oid AS contypid, c.ref_relid AS confrelid, CASE c.kind WHEN 'f' THEN 'a' ELSE ' ' END::"char" AS confupdtype,
    CASE c.kind WHEN 'f' THEN 'a' ELSE ' ' END::"char" AS confdeltype, CASE c.kind WHEN 'f' THEN 'u' ELSE ' ' END::"char" AS confmatchtype,
    c.columns AS conkey, c.ref_columns AS confkey, NULL::text AS conbin, NULL::text AS consrc
FROM rs_internal.constraints AS c
JOIN rs_internal.relations AS r ON r.oid = c.relid
WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.relid AND a.attnum = ANY (c.columns) AND a.attisdropped)
    AND (c.ref_relid = 0 OR EXISTS (SELECT FROM rs_internal.relations AS f WHERE f.oid = c.ref_relid));

CREATE OR REPLACE VIEW rs_catalog.pg_index AS
SELECT 0::oid AS indexrelid, 0::oid AS indrelid, NULL::int2vector AS indkey, NULL::oidvector AS indclass, 0::smallint AS indnatts, false AS indisunique,
    false AS indisprimary, false AS indisclustered, NULL::text AS indexprs, NULL::text AS indpred
WHERE false;

CREATE OR REPLACE VIEW rs_catalog.pg_indexes AS
SELECT NULL::name AS schemaname, NULL::name AS tablename, NULL::name AS indexname, NULL::name AS tablespace, NULL::text AS indexdef
WHERE false;

CREATE OR REPLACE VIEW rs_catalog.pg_inherits AS
SELECT 0::oid AS inhrelid, 0::oid AS inhparent, 0 AS inhseqno
WHERE false;

CREATE OR REPLACE VIEW rs_catalog.pg_trigger AS
SELECT 0::oid AS oid, 0::oid AS tgrelid, ''::name AS tgname, 0::oid AS tgfoid, 0::smallint AS tgtype, false AS tgenabled, false AS tgisconstraint,
    ''::name AS tgconstrname, 0::oid AS tgconstrrelid, false AS tgdeferrable, false AS tginitdeferred, 0::smallint AS tgnargs, NULL::int2vector AS tgattr, NULL::bytea AS tgargs
WHERE false;

CREATE OR REPLACE VIEW rs_catalog.pg_proc AS
SELECT p.oid, p.proname, CASE n.nspname WHEN 'rs_catalog' THEN 11::oid ELSE p.pronamespace END AS pronamespace, rs_internal.shown_user(p.proowner) AS proowner,
    p.prolang, p.prokind = 'a' AS proisagg, p.prosecdef, p.proisstrict, p.proretset, p.provolatile, p.pronargs, rs_internal.shown_type(p.prorettype) AS prorettype,
    p.proargtypes, p.proargnames, p.prosrc, NULL::bytea AS probin, p.proacl
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('rs_internal', 'information_schema', 'rs_information_schema') AND (n.nspname <> 'pg_catalog' OR p.oid < 2600);

CREATE OR REPLACE VIEW rs_catalog.pg_language AS
SELECT l.oid, l.lanname, l.lanispl, l.lanpltrusted, 0::oid AS lanplcallfoid, l.lanvalidator, l.lanacl
FROM pg_catalog.pg_language AS l;

CREATE OR REPLACE VIEW rs_catalog.pg_description AS
SELECT d.objoid, CASE WHEN d.classoid = 'pg_catalog.pg_class'::regclass THEN 'rs_catalog.pg_class'::regclass::oid
    WHEN d.classoid = 'pg_catalog.pg_namespace'::regclass THEN 'rs_catalog.pg_namespace'::regclass::oid ELSE d.classoid END AS classoid, d.objsubid, d.description
FROM pg_catalog.pg_description AS d
WHERE d.classoid = 'pg_catalog.pg_class'::regclass AND EXISTS (SELECT FROM rs_internal.relations AS r WHERE r.oid = d.objoid)
    OR d.classoid = 'pg_catalog.pg_namespace'::regclass AND EXISTS (SELECT FROM rs_catalog.pg_namespace AS n WHERE n.oid = d.objoid);

-- A view depends on what it reads through its rule; one without binding on nothing.
CREATE OR REPLACE VIEW rs_catalog.pg_depend AS
SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
FROM pg_catalog.pg_depend AS d
WHERE EXISTS (SELECT FROM rs_internal.relations AS r WHERE r.oid = d.refobjid AND NOT r.is_system)
    AND (EXISTS (SELECT FROM rs_internal.relations AS r WHERE r.oid = d.objid AND NOT r.is_system)
        OR d.classid = 'pg_catalog.pg_rewrite'::regclass AND EXISTS (SELECT FROM pg_catalog.pg_rewrite AS w
            WHERE w.oid = d.objid AND NOT EXISTS (SELECT FROM rs_internal.late_views AS v WHERE v.relid = w.ev_class)));

CREATE OR REPLACE VIEW rs_catalog.pg_database AS
SELECT d.oid, d.datname, rs_internal.shown_user(d.datdba) AS datdba, d.encoding, d.datistemplate, d.datallowconn, 0::oid AS datlastsysoid,
    '0'::xid AS datvacuumxid, '0'::xid AS datfrozenxid, 1663::oid AS dattablespace, NULL::text[] AS datconfig, rs_internal.shown_rights(d.datacl, 'd', d.datdba) AS datacl
FROM pg_catalog.pg_database AS d
WHERE d.datname <> 'postgres';

CREATE OR REPLACE VIEW rs_catalog.pg_user AS
SELECT a.rolname AS usename, rs_internal.shown_user(a.oid) AS usesysid, a.rolcreatedb AS usecreatedb, pg_has_role(a.oid, 'rs_superuser', 'member') AS usesuper,
    false AS usecatupd, '********'::text AS passwd, a.rolvaliduntil AS valuntil, NULL::text[] AS useconfig
FROM pg_catalog.pg_authid AS a
WHERE a.rolcanlogin;

CREATE OR REPLACE VIEW rs_catalog.pg_user_info AS
SELECT u.usename, u.usesysid, u.usecreatedb, u.usesuper, u.usecatupd, u.passwd, u.valuntil, u.useconfig, 'UNLIMITED'::text AS useconnlimit,
    CASE WHEN u.usesuper THEN 'UNRESTRICTED' ELSE 'RESTRICTED' END::text AS syslogaccess, NULL::timestamp AS last_ddl_ts, 0 AS sessiontimeout, NULL::text AS external_user_id
FROM rs_catalog.pg_user AS u
WHERE rs_internal.is_superuser() OR u.usename = current_user;

-- Password hashes are never shown, to superusers neither.
CREATE OR REPLACE VIEW rs_catalog.pg_shadow AS
SELECT u.usename, u.usesysid, u.usecreatedb, u.usesuper, u.usecatupd, NULL::text AS passwd, u.valuntil, u.useconfig
FROM rs_catalog.pg_user AS u
WHERE rs_internal.provisioned('pg_shadow') AND rs_internal.superuser_only('pg_shadow');

CREATE OR REPLACE VIEW rs_catalog.pg_group AS
SELECT a.rolname AS groname, a.oid::integer AS grosysid,
    ARRAY(SELECT rs_internal.shown_user(m.member) FROM pg_catalog.pg_auth_members AS m WHERE m.roleid = a.oid AND m.member <> (SELECT u.oid FROM pg_catalog.pg_authid AS u WHERE u.rolname = 'rs_superuser') ORDER BY 1) AS grolist
FROM pg_catalog.pg_authid AS a
LEFT JOIN pg_catalog.pg_shdescription AS s ON s.objoid = a.oid AND s.classoid = 'pg_catalog.pg_authid'::regclass
WHERE NOT a.rolcanlogin AND a.rolname !~ '^pg_' AND a.rolname <> 'rs_superuser' AND coalesce(s.description::jsonb ->> 'kind', 'group') = 'group';

CREATE OR REPLACE VIEW rs_catalog.pg_tables AS
SELECT r.schema AS schemaname, r.relname AS tablename, pg_get_userbyid(r.real_owner) AS tableowner, NULL::name AS tablespace, false AS hasindexes, r.relhasrules AS hasrules,
    false AS hastriggers
FROM rs_internal.relations AS r
WHERE r.relkind = 'r';

CREATE OR REPLACE VIEW rs_catalog.pg_views AS
SELECT r.schema AS schemaname, r.relname AS viewname, pg_get_userbyid(r.real_owner) AS viewowner, CASE WHEN r.is_system THEN '' ELSE rs_catalog.pg_get_viewdef(r.oid) END AS definition
FROM rs_internal.relations AS r
WHERE r.relkind = 'v';

CREATE OR REPLACE VIEW rs_catalog.pg_settings AS
SELECT s.name, s.setting, NULL::text AS category, s.short_desc, NULL::text AS extra_desc, s.context, s.vartype, NULL::text AS source, s.min_val, s.max_val
FROM pg_catalog.pg_show_all_settings() AS s
WHERE s.name IN ('search_path', 'extra_float_digits', 'statement_timeout', 'application_name', 'client_encoding')
    OR s.name = 'DateStyle' OR s.name = 'TimeZone';

CREATE OR REPLACE VIEW rs_catalog.pg_stat_activity AS
SELECT d.oid AS datid, a.datname, a.pid AS procpid, rs_internal.shown_user(a.usesysid) AS usesysid, a.usename, a.query AS current_query, a.query_start
FROM pg_catalog.pg_stat_activity AS a
JOIN pg_catalog.pg_database AS d ON d.oid = a.datid
WHERE a.datname <> 'postgres' AND (rs_internal.is_superuser() OR a.usename = current_user);

CREATE OR REPLACE VIEW rs_catalog.pg_table_def AS
SELECT c.schema AS schemaname, c.relname AS tablename, c.attname AS "column", rs_catalog.format_type(c.shown_type, c.atttypmod) AS type, c.encoding::character(32) AS encoding,
    c.is_distkey AS distkey, c.sortkey, c.attnotnull AS "notnull"
FROM rs_internal.shown_columns AS c
WHERE c.relkind = 'r' AND NOT c.attisdropped AND c.attnum > 0
    AND c.real_schema = ANY (current_schemas(true)) AND (c.is_system OR rs_internal.may_see(c.relid));
