-- The rows that COPYs of files below a prefix refused. Redshift, serverless too; users see their own.
-- Parameters: :'prefix' as a pattern of LIKE.
-- Columns: file, line, column, type, code, reason
SELECT file_name, line_number, column_name, column_type, error_code, error_message FROM sys_load_error_detail WHERE file_name LIKE :'prefix'
