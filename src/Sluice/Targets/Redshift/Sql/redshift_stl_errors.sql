-- The rows that a COPY refused, by its number. Provisioned clusters; users see their own.
-- Parameters: :'copy', what pg_last_copy_id() was.
-- Columns: file, line, column, type, code, reason
SELECT filename, line_number, colname, type, err_code, err_reason FROM stl_load_errors WHERE query = :'copy'
