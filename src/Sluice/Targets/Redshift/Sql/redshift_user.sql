-- Who the session is. Redshift.
-- Columns: name, is_superuser
SELECT usename, usesuper FROM pg_user WHERE usename = current_user
