-- The transaction in which a COPY ran. Redshift, serverless too; users see their own.
-- Parameters: :'copy', what pg_last_copy_id() was; :'source', the address that it read, which is this run's alone.
-- Columns: transaction
SELECT transaction_id FROM sys_load_history WHERE query_id = :'copy' AND strpos(data_source, :'source') > 0
