-- Whether a session is still there. Provisioned clusters; users see their own.
-- Parameters: :'process', its number.
-- Columns: sessions
SELECT count(*) FROM stv_sessions WHERE process = :'process'
