-- The views in which COPY leaves its errors and its history (copy.md, system views): own rows only, all rows for superusers, char(n) blank-padded.
-- Gives: stl_load_errors, stl_loaderror_detail, sys_load_error_detail, stl_load_commits, sys_load_history, sys_load_detail, stl_replacements.

-- True for rows of the one who asks, and for a superuser.
CREATE OR REPLACE FUNCTION rs_internal.own(owner integer) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN owner = rs_internal.user_id() OR rs_internal.is_superuser();

CREATE OR REPLACE VIEW rs_catalog.stl_load_errors AS
SELECT userid, slice, tbl, starttime, session, query::integer AS query, filename::character(256) AS filename, line_number,
    colname::character(127) AS colname, type::character(10) AS type, col_length::character(10) AS col_length, position,
    rs_internal.dots(raw_line)::character(1024) AS raw_line, rs_internal.dots(raw_field_value)::character(1024) AS raw_field_value,
    err_code, err_reason::character(100) AS err_reason, is_partial, start_offset, NULL::bigint AS copy_job_id
FROM rs_internal.load_errors
WHERE rs_internal.provisioned('stl_load_errors') AND rs_internal.own(userid) AND visible_at <= clock_timestamp();

CREATE OR REPLACE VIEW rs_catalog.stl_loaderror_detail AS
SELECT userid, slice, session, query::integer AS query, filename::character(256) AS filename, line_number, field, colname::character(1024) AS colname,
    rs_internal.dots(value)::character(1024) AS value, is_null, type::character(10) AS type, col_length::character(10) AS col_length
FROM rs_internal.load_error_fields
WHERE rs_internal.provisioned('stl_loaderror_detail') AND rs_internal.own(userid) AND visible_at <= clock_timestamp();

CREATE OR REPLACE VIEW rs_catalog.sys_load_error_detail AS
SELECT userid AS user_id, query AS query_id, transaction_id, session AS session_id, database_name::character(64) AS database_name, tbl AS table_id,
    starttime AS start_time, filename::character(256) AS file_name, line_number, colname::character(127) AS column_name, type::character(10) AS column_type,
    col_length::character(10) AS column_length, position, err_code AS error_code, err_reason::character(512) AS error_message, NULL::bigint AS copy_job_id
FROM rs_internal.load_errors
WHERE rs_internal.own(userid) AND visible_at <= clock_timestamp();

CREATE OR REPLACE VIEW rs_catalog.stl_load_commits AS
SELECT userid, query::integer AS query, slice, name::character(256) AS name, filename::character(256) AS filename, byte_offset::integer AS byte_offset,
    lines_scanned::integer AS lines_scanned, errors::integer AS errors, curtime, status, file_format::character(16) AS file_format, is_partial, start_offset,
    NULL::bigint AS copy_job_id
FROM rs_internal.load_commits
WHERE rs_internal.provisioned('stl_load_commits') AND rs_internal.own(userid) AND visible_at <= clock_timestamp();

CREATE OR REPLACE VIEW rs_catalog.sys_load_history AS
SELECT user_id, query_id, transaction_id, session_id, database_name, status, table_name, start_time, end_time, duration, data_source, file_format,
    loaded_rows, loaded_bytes, source_file_count::integer AS source_file_count, source_file_bytes, file_count_scanned::integer AS file_count_scanned,
    file_bytes_scanned, error_count, NULL::bigint AS copy_job_id
FROM rs_internal.loads
WHERE rs_internal.own(user_id) AND visible_at <= clock_timestamp();

CREATE OR REPLACE VIEW rs_catalog.sys_load_detail AS
SELECT user_id, query_id::integer AS query_id, file_name::character(256) AS file_name, bytes_scanned::integer AS bytes_scanned,
    lines_scanned::integer AS lines_scanned, record_time, splits_scanned::integer AS splits_scanned, start_time, end_time
FROM rs_internal.load_files
WHERE rs_internal.own(user_id) AND visible_at <= clock_timestamp();

CREATE OR REPLACE VIEW rs_catalog.stl_replacements AS
SELECT userid, query::integer AS query, slice, tbl, starttime, session, filename::character(256) AS filename, line_number,
    colname::character(127) AS colname, rs_internal.dots(raw_line)::character(1024) AS raw_line
FROM rs_internal.replacements
WHERE rs_internal.provisioned('stl_replacements') AND rs_internal.own(userid) AND visible_at <= clock_timestamp();

-- The views in which UNLOAD leaves its files and its history (unload.md §4).
-- Gives: stl_unload_log, sys_unload_history, sys_unload_detail.

CREATE OR REPLACE VIEW rs_catalog.stl_unload_log AS
SELECT user_id AS userid, query_id::integer AS query, slice, session_id AS pid, file_name::character(1280) AS path, start_time, end_time, line_count,
    transfer_size, file_format::character(10) AS file_format
FROM rs_internal.unload_files
WHERE rs_internal.provisioned('stl_unload_log') AND rs_internal.own(user_id);

CREATE OR REPLACE VIEW rs_catalog.sys_unload_history AS
SELECT user_id, query_id, transaction_id, session_id, database_name, status, start_time, end_time, duration, file_format, compression_type,
    unloaded_location, unloaded_rows, unloaded_files_count, unloaded_files_size, error_message
FROM rs_internal.unloads
WHERE rs_internal.own(user_id);

CREATE OR REPLACE VIEW rs_catalog.sys_unload_detail AS
SELECT user_id, query_id, file_name::character(1280) AS file_name, start_time, end_time,
    (extract(epoch FROM end_time - start_time) * 1000000)::bigint AS elapsed_time, transfer_size, file_format
FROM rs_internal.unload_files
WHERE rs_internal.own(user_id);
