-- Roles, schemas and the rights on them.
-- Gives: role rs_superuser; schemas rs_catalog and rs_information_schema (read by clients), rs_internal (functions only).

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'rs_superuser') THEN
        CREATE ROLE rs_superuser NOLOGIN;
    END IF;
    -- pg_read_all_data would open the real catalogs as well: what superusers may read is granted table by table (060-ddl-events.sql).
    GRANT pg_signal_backend, pg_read_all_stats TO rs_superuser;
    IF pg_has_role('rs_superuser', 'pg_read_all_data', 'member') THEN
        REVOKE pg_read_all_data, pg_write_all_data FROM rs_superuser;
    END IF;
EXCEPTION
    WHEN unique_violation OR duplicate_object THEN NULL;
END
$$;

CREATE SCHEMA IF NOT EXISTS rs_catalog;
CREATE SCHEMA IF NOT EXISTS rs_information_schema;
CREATE SCHEMA IF NOT EXISTS rs_internal;

GRANT USAGE ON SCHEMA rs_catalog, rs_information_schema, rs_internal TO PUBLIC;

-- Redshift: all users have CREATE and USAGE on schema public, which is rdsdb's.
ALTER SCHEMA public OWNER TO CURRENT_USER;
GRANT USAGE, CREATE ON SCHEMA public TO PUBLIC;
GRANT ALL ON SCHEMA public TO rs_superuser;

DO $$
BEGIN
    EXECUTE format('GRANT ALL ON DATABASE %I TO rs_superuser', current_database());
END
$$;
