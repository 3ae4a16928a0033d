-- What Redshift knows of tables, columns, keys and loads beyond PostgreSQL's catalogs.
-- Gives: side tables keyed by oid and attnum (rows of dropped relations are cleaned lazily), the rows behind the load views, rs_internal.query_id.

CREATE TABLE IF NOT EXISTS rs_internal.tables (
    relid oid PRIMARY KEY,
    diststyle text NOT NULL CHECK (diststyle IN ('AUTO', 'EVEN', 'KEY', 'ALL')),
    distkey smallint,
    sortstyle text CHECK (sortstyle IN ('COMPOUND', 'INTERLEAVED', 'AUTO')),
    sortkey smallint[] NOT NULL DEFAULT '{}',
    backup boolean NOT NULL DEFAULT true,
    encode_auto boolean NOT NULL DEFAULT true,
    created timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'));

CREATE TABLE IF NOT EXISTS rs_internal.columns (
    relid oid NOT NULL,
    attnum smallint NOT NULL,
    encode text,
    collation_name text,
    PRIMARY KEY (relid, attnum));

CREATE TABLE IF NOT EXISTS rs_internal.identity_columns (
    relid oid NOT NULL,
    attnum smallint NOT NULL,
    always boolean NOT NULL,
    seed bigint NOT NULL,
    step bigint NOT NULL,
    PRIMARY KEY (relid, attnum));

CREATE SEQUENCE IF NOT EXISTS rs_internal.constraint_id START 100000;

CREATE TABLE IF NOT EXISTS rs_internal.constraints (
    id oid PRIMARY KEY DEFAULT nextval('rs_internal.constraint_id')::bigint::oid,
    relid oid NOT NULL,
    name name NOT NULL,
    kind "char" NOT NULL CHECK (kind IN ('p', 'u', 'f')),
    columns smallint[] NOT NULL,
    ref_relid oid NOT NULL DEFAULT 0,
    ref_columns smallint[],
    UNIQUE (relid, name));

-- Views made WITH NO SCHEMA BINDING, with the statement that made them.
CREATE TABLE IF NOT EXISTS rs_internal.late_views (
    relid oid PRIMARY KEY,
    definition text NOT NULL);

-- Query ids are one row of numbers a server; a database has its own, as it has its own views.
CREATE SEQUENCE IF NOT EXISTS rs_internal.query_id START 1000;

CREATE TABLE IF NOT EXISTS rs_internal.load_errors (
    userid integer, slice integer, tbl integer, starttime timestamp, session integer, query bigint, transaction_id bigint, database_name text,
    filename text, line_number bigint, colname text, type text, col_length text, position integer, raw_line text, raw_field_value text,
    err_code integer, err_reason text, is_partial integer, start_offset bigint, visible_at timestamptz DEFAULT now());
CREATE INDEX IF NOT EXISTS load_errors_query ON rs_internal.load_errors (query);

CREATE TABLE IF NOT EXISTS rs_internal.load_error_fields (
    userid integer, slice integer, session integer, query bigint, filename text, line_number bigint, field integer, colname text, value text,
    is_null integer, type text, col_length text, visible_at timestamptz DEFAULT now());
CREATE INDEX IF NOT EXISTS load_error_fields_query ON rs_internal.load_error_fields (query);

CREATE TABLE IF NOT EXISTS rs_internal.load_commits (
    userid integer, query bigint, slice integer, name text, filename text, byte_offset bigint, lines_scanned bigint, errors bigint,
    curtime timestamp, status integer, file_format text, is_partial integer, start_offset bigint, visible_at timestamptz DEFAULT now());
CREATE INDEX IF NOT EXISTS load_commits_query ON rs_internal.load_commits (query);

CREATE TABLE IF NOT EXISTS rs_internal.loads (
    user_id integer, query_id bigint, transaction_id bigint, session_id integer, database_name text, status text, table_name text,
    start_time timestamp, end_time timestamp, duration bigint, data_source text, file_format text, loaded_rows bigint, loaded_bytes bigint,
    source_file_count bigint, source_file_bytes bigint, file_count_scanned bigint, file_bytes_scanned bigint, error_count bigint,
    visible_at timestamptz DEFAULT now());
CREATE INDEX IF NOT EXISTS loads_query ON rs_internal.loads (query_id);

CREATE TABLE IF NOT EXISTS rs_internal.load_files (
    user_id integer, query_id bigint, file_name text, bytes_scanned bigint, lines_scanned bigint, record_time timestamp, splits_scanned bigint,
    start_time timestamp, end_time timestamp, visible_at timestamptz DEFAULT now());
CREATE INDEX IF NOT EXISTS load_files_query ON rs_internal.load_files (query_id);

CREATE TABLE IF NOT EXISTS rs_internal.queries (
    userid integer, query bigint, label text, xid bigint, pid integer, database_name text, kind text, querytxt text, starttime timestamp, endtime timestamp,
    row_count bigint, error text);
CREATE INDEX IF NOT EXISTS queries_query ON rs_internal.queries (query);

CREATE TABLE IF NOT EXISTS rs_internal.unloads (
    user_id integer, query_id bigint, transaction_id bigint, session_id integer, database_name text, status text, start_time timestamp, end_time timestamp,
    duration bigint, file_format text, compression_type text, unloaded_location text, unloaded_rows bigint, unloaded_files_count bigint, unloaded_files_size bigint,
    error_message text);
CREATE INDEX IF NOT EXISTS unloads_query ON rs_internal.unloads (query_id);

CREATE TABLE IF NOT EXISTS rs_internal.unload_files (
    user_id integer, query_id bigint, slice integer, session_id integer, file_name text, start_time timestamp, end_time timestamp, line_count bigint,
    transfer_size bigint, file_format text);
CREATE INDEX IF NOT EXISTS unload_files_query ON rs_internal.unload_files (query_id);

CREATE TABLE IF NOT EXISTS rs_internal.replacements (
    userid integer, query bigint, slice integer, tbl integer, starttime timestamp, session integer, filename text, line_number bigint,
    colname text, raw_line text, visible_at timestamptz DEFAULT now());
