-- Facts about the server and the session. PostgreSQL 10 to 18.
-- Columns: version, zone, in_recovery, is_read_only, synchronous_commit, started, statistics_reset, role, is_superuser, has_citus
SELECT pg_catalog.current_setting('server_version_num')::int AS version,
       pg_catalog.current_setting('TimeZone') AS zone,
       pg_catalog.pg_is_in_recovery() AS in_recovery,
       pg_catalog.current_setting('default_transaction_read_only') = 'on' AS is_read_only,
       pg_catalog.current_setting('synchronous_commit') AS synchronous_commit,
       pg_catalog.pg_postmaster_start_time() AS started,
       -- Set anew by crash recovery, which keeps the postmaster when only a backend crashed.
       (SELECT b.stats_reset FROM pg_catalog.pg_stat_bgwriter b) AS statistics_reset,
       CURRENT_USER::text AS role,
       pg_catalog.current_setting('is_superuser') = 'on' AS is_superuser,
       EXISTS (SELECT 1 FROM pg_catalog.pg_extension x WHERE x.extname = 'citus') AS has_citus
