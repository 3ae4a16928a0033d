-- The rows that a COPY refused, by its number. Redshift, serverless too; users see their own.
-- Parameters: :'copy', what pg_last_copy_id() was.
-- Columns: file, line, column, type, code, reason
SELECT file_name, line_number, column_name, column_type, error_code, error_message FROM sys_load_error_detail WHERE query_id = :'copy'
