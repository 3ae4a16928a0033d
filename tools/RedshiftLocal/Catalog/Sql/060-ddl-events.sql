-- What must happen on DDL that is not announced through rs_internal.ddl.
-- Gives: event triggers that grant new relations and schemas to rs_superuser, and that refuse to drop distribution and sort key columns.

CREATE OR REPLACE FUNCTION rs_internal.on_ddl_end() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made record;
BEGIN
    FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE command_tag IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE VIEW', 'CREATE SCHEMA') LOOP
        IF made.object_type IN ('table', 'view') THEN
            EXECUTE format('GRANT ALL ON TABLE %s TO rs_superuser', made.object_identity);
        ELSIF made.object_type = 'schema' THEN
            EXECUTE format('GRANT ALL ON SCHEMA %s TO rs_superuser', made.object_identity);
        END IF;
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.on_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    gone record;
    keys rs_internal.tables;
BEGIN
    FOR gone IN SELECT * FROM pg_event_trigger_dropped_objects() WHERE object_type = 'table column' AND original LOOP
        SELECT * INTO keys FROM rs_internal.tables WHERE relid = gone.objid;
        IF keys.distkey = gone.objsubid THEN
            RAISE EXCEPTION USING ERRCODE = '2BP01', MESSAGE = format('cannot drop distkey column "%s"', gone.address_names[array_upper(gone.address_names, 1)]);
        ELSIF gone.objsubid = ANY (keys.sortkey) THEN
            RAISE EXCEPTION USING ERRCODE = '2BP01', MESSAGE = format('cannot drop sortkey column "%s"', gone.address_names[array_upper(gone.address_names, 1)]);
        END IF;
    END LOOP;
END
$$;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'rs_ddl_end') THEN
        CREATE EVENT TRIGGER rs_ddl_end ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'CREATE VIEW', 'CREATE SCHEMA')
            EXECUTE FUNCTION rs_internal.on_ddl_end();
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'rs_drop') THEN
        CREATE EVENT TRIGGER rs_drop ON sql_drop WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION rs_internal.on_drop();
    END IF;
    -- The bootstrap itself makes views.
    ALTER EVENT TRIGGER rs_ddl_end DISABLE;
END
$$;
