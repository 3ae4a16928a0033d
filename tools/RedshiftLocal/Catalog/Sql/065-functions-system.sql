-- Functions about the server, the session and the catalogs.
-- Gives: rs_catalog.version, format_type, format_encoding, pg_get_userbyid, pg_get_constraintdef, obj_description, col_description,
-- pg_last_copy_count and its kin, user_is_member_of.

CREATE OR REPLACE FUNCTION rs_catalog.version() RETURNS character varying LANGUAGE sql STABLE PARALLEL SAFE
RETURN 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.71629'::character varying;

CREATE OR REPLACE FUNCTION rs_catalog.format_type(type oid, modifier integer) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
    WHEN type = 4000::oid OR type = 'rs_catalog.super'::regtype::oid THEN 'super'
    WHEN type = 6551::oid OR type = 'rs_catalog.varbyte'::regtype::oid THEN
        CASE WHEN modifier > 0 THEN 'binary varying(' || modifier || ')' ELSE 'binary varying' END
    ELSE pg_catalog.format_type(type, modifier)
END;

-- adbin holds the expression's text here, so there is nothing to decompile.
CREATE OR REPLACE FUNCTION rs_catalog.pg_get_expr(expression text, relation oid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN relation IS NOT NULL THEN expression END;

CREATE OR REPLACE FUNCTION rs_catalog.format_encoding(code integer) RETURNS character varying LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.encoding_name(code)::character varying;

CREATE OR REPLACE FUNCTION rs_catalog.pg_get_userbyid(user_id integer) RETURNS name LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN user_id = 1 THEN pg_catalog.pg_get_userbyid(10::oid) ELSE pg_catalog.pg_get_userbyid(user_id::oid) END;

CREATE OR REPLACE FUNCTION rs_internal.column_list(relation oid, numbers smallint[]) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
RETURN (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY n.place)
    FROM unnest(numbers) WITH ORDINALITY AS n (attnum, place) JOIN pg_catalog.pg_attribute AS a ON a.attrelid = relation AND a.attnum = n.attnum);

CREATE OR REPLACE FUNCTION rs_internal.relation_name(relation oid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
RETURN (SELECT CASE WHEN n.nspname = 'public' THEN quote_ident(c.relname) ELSE quote_ident(n.nspname) || '.' || quote_ident(c.relname) END
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE c.oid = relation);

CREATE OR REPLACE FUNCTION rs_catalog.pg_get_constraintdef(constraint_id oid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
RETURN (SELECT CASE c.kind
        WHEN 'p' THEN 'PRIMARY KEY (' || rs_internal.column_list(c.relid, c.columns) || ')'
        WHEN 'u' THEN 'UNIQUE (' || rs_internal.column_list(c.relid, c.columns) || ')'
        ELSE 'FOREIGN KEY (' || rs_internal.column_list(c.relid, c.columns) || ') REFERENCES ' || rs_internal.relation_name(c.ref_relid)
            || '(' || rs_internal.column_list(c.ref_relid, c.ref_columns) || ')'
    END
    FROM rs_internal.constraints AS c WHERE c.id = constraint_id);

CREATE OR REPLACE FUNCTION rs_internal.session_number(name text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('redshift_local.' || name, true), ''), NULL)::bigint;

-- The number of rows of the last COPY of this session, 0 when there was none; ids are -1 then.
CREATE OR REPLACE FUNCTION rs_catalog.pg_last_copy_count() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(rs_internal.session_number('last_copy_count'), 0);

CREATE OR REPLACE FUNCTION rs_catalog.pg_last_copy_id() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(rs_internal.session_number('last_copy_id'), -1)::integer;

CREATE OR REPLACE FUNCTION rs_catalog.pg_last_query_id() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(rs_internal.session_number('last_query_id'), -1)::integer;

CREATE OR REPLACE FUNCTION rs_catalog.pg_last_unload_count() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(rs_internal.session_number('last_unload_count'), 0);

CREATE OR REPLACE FUNCTION rs_catalog.pg_last_unload_id() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(rs_internal.session_number('last_unload_id'), -1)::integer;

-- What the client was told as its process id, when that is not the backing server's.
CREATE OR REPLACE FUNCTION rs_catalog.pg_backend_pid() RETURNS integer LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN coalesce(rs_internal.session_number('process_id')::integer, pg_catalog.pg_backend_pid());

CREATE OR REPLACE FUNCTION rs_catalog.current_user_id() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_internal.user_id();

CREATE OR REPLACE FUNCTION rs_catalog.current_session_id() RETURNS integer LANGUAGE sql STABLE PARALLEL RESTRICTED
RETURN rs_catalog.pg_backend_pid();

CREATE OR REPLACE FUNCTION rs_catalog.db_collation() RETURNS character varying LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 'case_sensitive'::character varying;

CREATE OR REPLACE FUNCTION rs_catalog.user_is_member_of(user_name name, role_name name) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN pg_has_role(user_name, role_name, 'member');

CREATE OR REPLACE FUNCTION rs_catalog.role_is_member_of(role_name name, granted_name name) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN pg_has_role(role_name, granted_name, 'member');

CREATE OR REPLACE FUNCTION rs_catalog.has_assumerole_privilege(user_name name, role_arn text, command text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN user_name IS NOT NULL AND role_arn IS NOT NULL AND command IS NOT NULL AND rs_internal.is_superuser();

-- The translator takes the types out of the caller's list of columns.
DROP FUNCTION IF EXISTS rs_catalog.pg_get_late_binding_view_cols();
CREATE FUNCTION rs_catalog.pg_get_late_binding_view_cols()
RETURNS TABLE (view_schema name, view_name name, col_name name, col_type character varying, col_num integer) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT n.nspname, c.relname, a.attname, rs_catalog.format_type(rs_internal.shown_type(a.atttypid), a.atttypmod)::character varying, a.attnum::integer
    FROM rs_internal.late_views AS v
    JOIN pg_catalog.pg_class AS c ON c.oid = v.relid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY 1, 2, 5
$$;

-- A view without binding shows the statement that made it.
CREATE OR REPLACE FUNCTION rs_internal.late_definition(view_id oid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (SELECT v.definition FROM rs_internal.late_views AS v WHERE v.relid = view_id);

CREATE OR REPLACE FUNCTION rs_catalog.pg_get_viewdef(view_id oid) RETURNS text LANGUAGE sql STABLE
RETURN coalesce(rs_internal.late_definition(view_id), pg_catalog.pg_get_viewdef(view_id));

CREATE OR REPLACE FUNCTION rs_catalog.pg_get_viewdef(view_id oid, pretty boolean) RETURNS text LANGUAGE sql STABLE
RETURN coalesce(rs_internal.late_definition(view_id), pg_catalog.pg_get_viewdef(view_id, pretty));

CREATE OR REPLACE FUNCTION rs_catalog.obj_description(object oid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (SELECT d.description FROM pg_catalog.pg_description AS d WHERE d.objoid = object AND d.objsubid = 0 LIMIT 1);

CREATE OR REPLACE FUNCTION rs_catalog.obj_description(object oid, catalog name) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (SELECT d.description FROM pg_catalog.pg_description AS d
    WHERE d.objoid = object AND d.objsubid = 0 AND d.classoid = to_regclass('pg_catalog.' || quote_ident(catalog)));

CREATE OR REPLACE FUNCTION rs_catalog.col_description(relation oid, number integer) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
RETURN (SELECT d.description FROM pg_catalog.pg_description AS d
    WHERE d.objoid = relation AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = number);

-- The path as the client set it: ours is not in it, and pg_catalog is implicit.
CREATE OR REPLACE FUNCTION rs_catalog.current_schemas(include_implicit boolean) RETURNS name[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE WHEN include_implicit THEN ARRAY['pg_catalog'::name] ELSE ARRAY[]::name[] END
    || array_remove(array_remove(pg_catalog.current_schemas(false), 'rs_catalog'), 'pg_catalog');
