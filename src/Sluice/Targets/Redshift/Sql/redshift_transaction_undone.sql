-- Whether a transaction was rolled back: no row proves nothing. Provisioned clusters; users see their own.
-- Parameters: :'transaction', its number.
-- Columns: transaction
SELECT xact_id_undone FROM stl_undone WHERE xact_id_undone = :'transaction'
