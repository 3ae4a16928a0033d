-- The rows that COPYs of files below a prefix refused. Provisioned clusters; users see their own.
-- Parameters: :'prefix' as a pattern of LIKE.
-- Columns: file, line, column, type, code, reason
SELECT filename, line_number, colname, type, err_code, err_reason FROM stl_load_errors WHERE filename LIKE :'prefix'
