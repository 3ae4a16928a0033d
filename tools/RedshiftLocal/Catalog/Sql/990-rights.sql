-- Last: what clients may read and what nobody but the server may.

GRANT SELECT ON ALL TABLES IN SCHEMA rs_catalog, rs_information_schema TO PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA rs_internal FROM PUBLIC;

-- Redshift's catalogs are ours; a name that is not found there must not be answered by PostgreSQL's own.
REVOKE SELECT ON ALL TABLES IN SCHEMA pg_catalog FROM PUBLIC;
REVOKE SELECT ON ALL TABLES IN SCHEMA information_schema FROM PUBLIC;
-- pg_get_viewdef, obj_description and the guard of ALTER COLUMN TYPE read these with the rights of their caller.
GRANT SELECT ON pg_catalog.pg_rewrite, pg_catalog.pg_description, pg_catalog.pg_attribute TO PUBLIC;

-- The parts of rs_internal.ddl that trust their caller.
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN
        SELECT p.oid FROM pg_catalog.pg_proc AS p
        WHERE p.pronamespace = 'rs_internal'::regnamespace AND p.proname IN (
            'make_checks', 'make_super_trigger', 'keep_columns', 'keep_diststyle', 'keep_sortkey', 'keep_constraint', 'drop_constraint', 'settle_types', 'clean_up',
            'keep_like', 'set_varbyte_length', 'create_table', 'alter_type', 'alter_encode', 'column_list', 'relation_name')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', function);
    END LOOP;
    ALTER EVENT TRIGGER rs_ddl_end ENABLE;
END
$$;
