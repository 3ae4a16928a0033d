-- How a transaction ended. Redshift, serverless too; superusers only.
-- Parameters: :'transaction', its number.
-- Columns: status, committed or rolledback
SELECT trim(status) FROM sys_transaction_history WHERE transaction_id = :'transaction'
