-- Redshift's own views of databases, schemas, tables and columns.
-- Gives: svv_tables, svv_columns, svv_all_*, svv_redshift_*, svv_table_info, svv_external_* and svv_mv_info (empty), svl_user_info, svv_user_info,
-- stv_slices, stv_node_storage_capacity, stv_sessions, stv_recents, stv_inflight.

CREATE OR REPLACE VIEW rs_internal.shown_tables AS
SELECT current_database()::character varying AS database_name, r.oid, r.schema, r.relname, r.relkind, r.is_system, r.owner, r.real_owner, r.relpersistence,
    CASE WHEN r.relkind = 'v' THEN 'VIEW' WHEN r.relpersistence = 't' THEN 'LOCAL TEMPORARY' WHEN r.is_system THEN 'SYSTEM TABLE' ELSE 'BASE TABLE' END AS kind,
    d.description AS remarks
FROM rs_internal.relations AS r
LEFT JOIN pg_catalog.pg_description AS d ON d.objoid = r.oid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
WHERE r.is_system OR rs_internal.may_see(r.oid);

CREATE OR REPLACE VIEW rs_catalog.svv_tables AS
SELECT database_name AS table_catalog, schema::character varying AS table_schema, relname::character varying AS table_name,
    CASE kind WHEN 'SYSTEM TABLE' THEN 'BASE TABLE' ELSE kind END::character varying AS table_type, remarks::character varying AS remarks
FROM rs_internal.shown_tables;

-- A type as information_schema names it, and its limits; lengths are in bytes.
CREATE OR REPLACE VIEW rs_internal.described_columns AS
SELECT current_database()::character varying AS table_catalog, c.schema::character varying AS table_schema, c.relname::character varying AS table_name,
    c.attname::character varying AS column_name, c.attnum::integer AS ordinal_position, c.default_text::character varying AS column_default,
    CASE WHEN c.attnotnull THEN 'NO' ELSE 'YES' END::character varying AS is_nullable,
    CASE WHEN c.shown_type IN (4000::oid, 6551::oid) THEN split_part(rs_catalog.format_type(c.shown_type, -1), '(', 1)
        ELSE pg_catalog.format_type(c.shown_type, NULL) END::character varying AS data_type,
    CASE WHEN c.shown_type IN (1042::oid, 1043::oid) AND c.atttypmod > 4 THEN c.atttypmod - 4
        WHEN c.shown_type = 6551::oid AND c.atttypmod > 0 THEN c.atttypmod END AS character_maximum_length,
    CASE c.shown_type WHEN 21::oid THEN 16 WHEN 23::oid THEN 32 WHEN 20::oid THEN 64 WHEN 700::oid THEN 24 WHEN 701::oid THEN 53
        WHEN 1700::oid THEN CASE WHEN c.atttypmod > 4 THEN ((c.atttypmod - 4) >> 16) & 65535 END END AS numeric_precision,
    CASE WHEN c.shown_type IN (20::oid, 21::oid, 23::oid, 700::oid, 701::oid) THEN 2 WHEN c.shown_type = 1700::oid THEN 10 END AS numeric_precision_radix,
    CASE WHEN c.shown_type IN (20::oid, 21::oid, 23::oid) THEN 0 WHEN c.shown_type = 1700::oid AND c.atttypmod > 4 THEN (c.atttypmod - 4) & 2047 END AS numeric_scale,
    CASE WHEN c.shown_type = 1082::oid THEN 0 WHEN c.shown_type IN (1083::oid, 1114::oid, 1184::oid, 1266::oid) THEN 6 END AS datetime_precision,
    CASE c.shown_type WHEN 4000::oid THEN 'super'::name WHEN 6551::oid THEN 'varbyte'::name
        ELSE (SELECT t.typname FROM pg_catalog.pg_type AS t WHERE t.oid = c.shown_type) END::character varying AS udt_name,
    rs_catalog.format_type(c.shown_type, c.atttypmod)::character varying AS full_type,
    c.encoding, c.is_distkey, c.sortkey, c.relid, c.relkind, c.is_system, c.real_owner, c.attnum,
    (SELECT d.description FROM pg_catalog.pg_description AS d WHERE d.objoid = c.relid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = c.attnum)
        ::character varying AS remarks
FROM rs_internal.shown_columns AS c
WHERE c.attnum > 0 AND NOT c.attisdropped AND (c.is_system OR rs_internal.may_see(c.relid));

CREATE OR REPLACE VIEW rs_catalog.svv_columns AS
SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length,
    numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision, NULL::character varying AS interval_type,
    NULL::character varying AS interval_precision, NULL::character varying AS character_set_catalog, NULL::character varying AS character_set_schema,
    NULL::character varying AS character_set_name, NULL::character varying AS collation_catalog, NULL::character varying AS collation_schema,
    NULL::character varying AS collation_name, NULL::character varying AS domain_name, remarks
FROM rs_internal.described_columns;

CREATE OR REPLACE VIEW rs_catalog.svv_redshift_databases AS
SELECT d.datname::character varying(128) AS database_name, rs_internal.shown_user(d.datdba) AS database_owner, 'local'::character varying(32) AS database_type,
    NULL::character varying(128) AS database_acl, ''::character varying(128) AS database_options, 'Snapshot Isolation'::character varying(128) AS database_isolation_level
FROM pg_catalog.pg_database AS d
WHERE d.datname NOT IN ('postgres', 'template0', 'template1');

CREATE OR REPLACE VIEW rs_catalog.svv_redshift_schemas AS
SELECT current_database()::character varying(128) AS database_name, n.nspname::character varying(128) AS schema_name, n.nspowner AS schema_owner,
    'local'::character varying(128) AS schema_type, array_to_string(n.nspacl, '~')::character varying(128) AS schema_acl, ''::character varying(128) AS schema_option
FROM rs_catalog.pg_namespace AS n
WHERE n.nspname !~ '^pg_(toast|temp)' AND has_schema_privilege(current_user, n.oid, 'USAGE');

CREATE OR REPLACE VIEW rs_catalog.svv_redshift_tables AS
SELECT t.database_name::character varying(128) AS database_name, t.schema::character varying(128) AS schema_name, t.relname::character varying(128) AS table_name,
    CASE t.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END::character varying(128) AS table_type, NULL::character varying(128) AS table_acl,
    t.remarks::character varying(128) AS remarks, t.owner AS table_owner
FROM rs_internal.shown_tables AS t
WHERE t.relpersistence <> 't';

CREATE OR REPLACE VIEW rs_catalog.svv_redshift_columns AS
SELECT c.table_catalog::character varying(128) AS database_name, c.table_schema::character varying(128) AS schema_name, c.table_name::character varying(128) AS table_name,
    c.column_name::character varying(128) AS column_name, c.ordinal_position, c.full_type::character varying(32) AS data_type,
    c.column_default::character varying(4000) AS column_default, c.is_nullable::character varying(3) AS is_nullable, c.encoding::character varying(128) AS encoding,
    c.is_distkey AS distkey, c.sortkey, NULL::character varying(128) AS column_acl, c.remarks::character varying(256) AS remarks
FROM rs_internal.described_columns AS c;

CREATE OR REPLACE VIEW rs_catalog.svv_all_schemas AS
SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, NULL::character varying(128) AS source_database, schema_option
FROM rs_catalog.svv_redshift_schemas;

CREATE OR REPLACE VIEW rs_catalog.svv_all_tables AS
SELECT database_name, schema_name, table_name, table_acl, table_type, remarks, table_owner AS owner
FROM rs_catalog.svv_redshift_tables;

CREATE OR REPLACE VIEW rs_catalog.svv_all_columns AS
SELECT c.table_catalog::character varying(128) AS database_name, c.table_schema::character varying(128) AS schema_name, c.table_name::character varying(128) AS table_name,
    c.column_name::character varying(128) AS column_name, c.ordinal_position, c.column_default::character varying(4000) AS column_default,
    c.is_nullable::character varying(3) AS is_nullable, c.data_type::character varying(128) AS data_type, c.character_maximum_length,
    c.numeric_precision, c.numeric_scale, c.remarks::character varying(256) AS remarks
FROM rs_internal.described_columns AS c;

CREATE OR REPLACE FUNCTION rs_internal.row_count(relation oid) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s', relation::regclass) INTO result;
    RETURN result;
END
$$;

-- Empty tables are not listed; size is in MB.
CREATE OR REPLACE VIEW rs_catalog.svv_table_info AS
SELECT current_database()::text AS database, r.schema::text AS schema, r.oid AS table_id, r.relname::text AS "table",
    CASE WHEN t.encode_auto THEN 'Y, AUTO(ENCODE)' ELSE 'Y' END AS encoded,
    CASE t.diststyle WHEN 'KEY' THEN 'KEY(' || (SELECT a.attname FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = r.oid AND a.attnum = t.distkey) || ')'
        WHEN 'AUTO' THEN 'AUTO(ALL)' ELSE t.diststyle END AS diststyle,
    CASE WHEN cardinality(t.sortkey) = 0 THEN CASE WHEN t.sortstyle = 'AUTO' THEN 'AUTO(SORTKEY)' END
        WHEN t.sortstyle = 'INTERLEAVED' THEN 'INTERLEAVED'
        ELSE (SELECT a.attname FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = r.oid AND a.attnum = t.sortkey[1]) END::text AS sortkey1,
    (SELECT max(a.atttypmod - 4) FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = r.oid AND a.atttypid = 1043 AND NOT a.attisdropped) AS max_varchar,
    (SELECT c.encoding FROM rs_internal.shown_columns AS c WHERE c.relid = r.oid AND c.attnum = t.sortkey[1])::character(32) AS sortkey1_enc,
    cardinality(t.sortkey) AS sortkey_num, greatest(1, pg_relation_size(r.oid) / 1048576)::bigint AS size, 0.0001::numeric(10, 4) AS pct_used, 0::bigint AS empty,
    0.00::numeric(5, 2) AS unsorted, 0.00::numeric(5, 2) AS stats_off, n.rows::numeric(38, 0) AS tbl_rows, NULL::numeric(19, 2) AS skew_sortkey1,
    NULL::numeric(19, 2) AS skew_rows, n.rows::numeric(38, 0) AS estimated_visible_rows, NULL::text AS risk_event, NULL::numeric(12, 2) AS vacuum_sort_benefit,
    t.created AS create_time
FROM rs_internal.relations AS r
JOIN rs_internal.tables AS t ON t.relid = r.oid
CROSS JOIN LATERAL (SELECT rs_internal.row_count(r.oid) AS rows) AS n
WHERE r.relkind = 'r' AND NOT r.is_system AND rs_internal.superuser_only('svv_table_info') AND n.rows > 0;

CREATE OR REPLACE VIEW rs_catalog.svv_external_schemas AS
SELECT 0::oid AS esoid, 0::smallint AS eskind, ''::name AS schemaname, 0 AS esowner, ''::text AS databasename, ''::text AS esoptions WHERE false;

CREATE OR REPLACE VIEW rs_catalog.svv_external_databases AS
SELECT 0 AS eskind, ''::text AS esoptions, ''::text AS databasename, ''::text AS location, ''::text AS parameters WHERE false;

CREATE OR REPLACE VIEW rs_catalog.svv_external_tables AS
SELECT ''::text AS redshift_database_name, ''::text AS schemaname, ''::text AS tablename, ''::text AS tabletype, ''::text AS location, ''::text AS input_format,
    ''::text AS output_format, ''::text AS serialization_lib, ''::text AS serde_parameters, 0 AS compressed, ''::text AS parameters WHERE false;

CREATE OR REPLACE VIEW rs_catalog.svv_external_columns AS
SELECT ''::text AS redshift_database_name, ''::text AS schemaname, ''::text AS tablename, ''::text AS columnname, ''::text AS external_type, 0 AS columnnum,
    0 AS part_key, ''::text AS is_nullable WHERE false;

CREATE OR REPLACE VIEW rs_catalog.svv_external_partitions AS
SELECT ''::text AS schemaname, ''::text AS tablename, ''::text AS "values", ''::text AS location, ''::text AS input_format, ''::text AS output_format,
    ''::text AS serialization_lib, ''::text AS serde_parameters, 0 AS compressed, ''::text AS parameters WHERE false;

CREATE OR REPLACE VIEW rs_catalog.svv_mv_info AS
SELECT ''::character(128) AS database_name, ''::character(128) AS schema_name, ''::character(128) AS user_name, ''::character(128) AS name, ''::character(1) AS is_stale,
    ''::character(128) AS owner_user_name, 0 AS state, ''::character(1) AS autorewrite, ''::character(1) AS autorefresh WHERE false;

CREATE OR REPLACE VIEW rs_catalog.stv_mv_info AS
SELECT * FROM rs_catalog.svv_mv_info WHERE rs_internal.provisioned('stv_mv_info');

CREATE OR REPLACE VIEW rs_catalog.svl_user_info AS
SELECT u.usename, u.usesysid, u.usecreatedb, u.usesuper, u.usecatupd, u.useconnlimit, u.syslogaccess, u.last_ddl_ts, u.sessiontimeout, u.external_user_id
FROM rs_catalog.pg_user_info AS u;

CREATE OR REPLACE VIEW rs_catalog.svv_user_info AS
SELECT u.usename AS user_name, u.usesysid AS user_id, u.usecreatedb AS createdb, u.usesuper AS superuser, u.usecatupd AS catalog_update, u.useconnlimit AS connection_limit,
    u.syslogaccess AS syslog_access, u.last_ddl_ts AS last_ddl_timestamp, u.sessiontimeout AS session_timeout, u.external_user_id
FROM rs_catalog.pg_user_info AS u;

CREATE OR REPLACE VIEW rs_catalog.stv_slices AS
SELECT 0 AS node, s.slice, s.slice AS localslice, 'D'::character(1) AS type
FROM generate_series(0, coalesce(nullif(current_setting('redshift_local.slices', true), ''), '4')::integer - 1) AS s (slice)
WHERE rs_internal.provisioned('stv_slices');

CREATE OR REPLACE VIEW rs_catalog.stv_node_storage_capacity AS
SELECT 0 AS node, (pg_database_size(current_database()) / 1048576)::bigint AS used, 33554432::bigint AS capacity
WHERE rs_internal.provisioned('stv_node_storage_capacity');

CREATE OR REPLACE VIEW rs_catalog.stv_sessions AS
SELECT a.backend_start::timestamp AS starttime, a.pid AS process, a.usename::character(50) AS user_name, a.datname::character(50) AS db_name, 0 AS timeout_sec
FROM pg_catalog.pg_stat_activity AS a
WHERE a.backend_type = 'client backend' AND a.datname <> 'postgres' AND rs_internal.provisioned('stv_sessions')
    AND (rs_internal.is_superuser() OR a.usename = current_user);

CREATE OR REPLACE VIEW rs_catalog.stv_recents AS
SELECT rs_internal.shown_user(a.usesysid) AS userid, CASE a.state WHEN 'active' THEN 'Running' ELSE 'Done' END::character(20) AS status, a.query_start::timestamp AS starttime,
    (extract(epoch FROM clock_timestamp() - a.query_start) * 1000000)::bigint AS duration, a.usename::character(50) AS user_name, a.datname::character(50) AS db_name,
    a.query::character(600) AS query, a.pid
FROM pg_catalog.pg_stat_activity AS a
WHERE a.backend_type = 'client backend' AND a.datname <> 'postgres' AND rs_internal.provisioned('stv_recents')
    AND (rs_internal.is_superuser() OR a.usename = current_user);

CREATE OR REPLACE VIEW rs_catalog.stv_inflight AS
SELECT rs_internal.shown_user(a.usesysid) AS userid, 0 AS slice, 0 AS query, 'default'::character(320) AS label, coalesce(a.backend_xid::text::bigint, 0) AS xid, a.pid,
    a.query_start::timestamp AS starttime, a.query::character(100) AS text, 0 AS suspended, 0 AS insert_pristine, 0 AS concurrency_scaling_status
FROM pg_catalog.pg_stat_activity AS a
WHERE a.backend_type = 'client backend' AND a.state = 'active' AND a.datname <> 'postgres' AND rs_internal.provisioned('stv_inflight')
    AND (rs_internal.is_superuser() OR a.usename = current_user);
