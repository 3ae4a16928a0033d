-- Settings of a session that reads: values are spelled in one way, nothing ends the session but us, no row is hidden. PostgreSQL 10 to 18.
-- Columns: setting
SELECT pg_catalog.set_config(v.name, v.value, false) AS setting
  FROM (VALUES ('search_path', ''),
               ('DateStyle', 'ISO, MDY'),
               ('IntervalStyle', 'postgres'),
               ('extra_float_digits', '3'),
               ('bytea_output', 'hex'),
               ('lc_monetary', 'C'),
               ('quote_all_identifiers', 'off'),
               ('synchronize_seqscans', 'off'),
               -- A policy that would hide rows is an error.
               ('row_security', 'off'),
               ('statement_timeout', '0'),
               ('lock_timeout', '0'),
               ('idle_in_transaction_session_timeout', '0'),
               ('idle_session_timeout', '0'),
               ('transaction_timeout', '0')) AS v (name, value)
 WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_settings s WHERE s.name = v.name)
