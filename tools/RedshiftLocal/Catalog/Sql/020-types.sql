-- The types SUPER and VARBYTE, their casts and comparison operators.
-- Gives: rs_catalog.super (JSON text), rs_catalog.varbyte(n) (bytes), with the OIDs that Redshift gives them: 4000 and 6551.

SET LOCAL allow_system_table_mods = on;

-- A type is given its OID while it is a shell that nothing refers to; PostgreSQL leaves these numbers free.
CREATE OR REPLACE PROCEDURE rs_internal.number_type(type_name name, number oid) LANGUAGE plpgsql AS $$
DECLARE
    given oid := (SELECT oid FROM pg_catalog.pg_type WHERE typname = type_name AND typnamespace = 'rs_catalog'::regnamespace);
BEGIN
    UPDATE pg_catalog.pg_type SET oid = number WHERE oid = given;
    UPDATE pg_catalog.pg_depend SET objid = number WHERE classid = 'pg_catalog.pg_type'::regclass AND objid = given;
END
$$;

DO $$
BEGIN
    IF to_regtype('rs_catalog.super') IS NULL THEN
        CREATE TYPE rs_catalog.super;
        CALL rs_internal.number_type('super', 4000);
        CREATE FUNCTION rs_catalog.super_in(cstring) RETURNS rs_catalog.super LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_in';
        CREATE FUNCTION rs_catalog.super_out(rs_catalog.super) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_out';
        CREATE FUNCTION rs_catalog.super_recv(internal) RETURNS rs_catalog.super LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_recv';
        CREATE FUNCTION rs_catalog.super_send(rs_catalog.super) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'json_send';
        CREATE TYPE rs_catalog.super (
            INPUT = rs_catalog.super_in, OUTPUT = rs_catalog.super_out, RECEIVE = rs_catalog.super_recv, SEND = rs_catalog.super_send,
            INTERNALLENGTH = VARIABLE, STORAGE = extended);
        CREATE CAST (rs_catalog.super AS json) WITHOUT FUNCTION;
        CREATE CAST (json AS rs_catalog.super) WITHOUT FUNCTION;
    END IF;
    IF to_regtype('rs_catalog.varbyte') IS NULL THEN
        CREATE TYPE rs_catalog.varbyte;
        CALL rs_internal.number_type('varbyte', 6551);
        CREATE FUNCTION rs_catalog.varbyte_in(cstring) RETURNS rs_catalog.varbyte LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'byteain';
        CREATE FUNCTION rs_catalog.varbyte_out(rs_catalog.varbyte) RETURNS cstring LANGUAGE internal STABLE STRICT PARALLEL SAFE AS 'byteaout';
        CREATE FUNCTION rs_catalog.varbyte_recv(internal) RETURNS rs_catalog.varbyte LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bytearecv';
        CREATE FUNCTION rs_catalog.varbyte_send(rs_catalog.varbyte) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'byteasend';
        -- The modifier of bit(n) is n itself, and its upper bound is above VARBYTE's.
        CREATE FUNCTION rs_catalog.varbyte_typmod_in(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bittypmodin';
        CREATE FUNCTION rs_catalog.varbyte_typmod_out(integer) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'bittypmodout';
        CREATE TYPE rs_catalog.varbyte (
            INPUT = rs_catalog.varbyte_in, OUTPUT = rs_catalog.varbyte_out, RECEIVE = rs_catalog.varbyte_recv, SEND = rs_catalog.varbyte_send,
            TYPMOD_IN = rs_catalog.varbyte_typmod_in, TYPMOD_OUT = rs_catalog.varbyte_typmod_out,
            INTERNALLENGTH = VARIABLE, STORAGE = extended);
        CREATE CAST (rs_catalog.varbyte AS bytea) WITHOUT FUNCTION;
        CREATE CAST (bytea AS rs_catalog.varbyte) WITHOUT FUNCTION;
    END IF;
END
$$;
DROP PROCEDURE rs_internal.number_type(name, oid);

-- Scalars keep their value, strings lose their quotes, objects and arrays become NULL without a word (sql-dialect: `::varchar`).
CREATE OR REPLACE FUNCTION rs_internal.super_text(value rs_catalog.super) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE json_typeof(value::json)
    WHEN 'object' THEN NULL
    WHEN 'array' THEN NULL
    ELSE value::json #>> '{}'
END;

CREATE OR REPLACE FUNCTION rs_internal.super_varchar(value rs_catalog.super) RETURNS character varying LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.super_text(value)::character varying;

CREATE OR REPLACE FUNCTION rs_internal.super_bpchar(value rs_catalog.super) RETURNS character LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.super_text(value)::bpchar;

CREATE OR REPLACE FUNCTION rs_internal.super_smallint(value rs_catalog.super) RETURNS smallint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.super_text(value)::numeric::smallint;

CREATE OR REPLACE FUNCTION rs_internal.super_integer(value rs_catalog.super) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.super_text(value)::numeric::integer;

CREATE OR REPLACE FUNCTION rs_internal.super_bigint(value rs_catalog.super) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.super_text(value)::numeric::bigint;

CREATE OR REPLACE FUNCTION rs_internal.super_numeric(value rs_catalog.super) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.super_text(value)::numeric;

CREATE OR REPLACE FUNCTION rs_internal.super_double(value rs_catalog.super) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.super_text(value)::double precision;

CREATE OR REPLACE FUNCTION rs_internal.super_boolean(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN json_typeof(value::json) = 'boolean' THEN rs_internal.super_text(value) = 'true' END;

-- Text is never parsed on its way into a SUPER (JSON_PARSE does that): it becomes a string.
CREATE OR REPLACE FUNCTION rs_internal.text_super(value text) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_json(value)::rs_catalog.super;

CREATE OR REPLACE FUNCTION rs_internal.varchar_super(value character varying) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_json(value::text)::rs_catalog.super;

CREATE OR REPLACE FUNCTION rs_internal.bpchar_super(value character) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_json(value::text)::rs_catalog.super;

CREATE OR REPLACE FUNCTION rs_internal.numeric_super(value numeric) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_json(value)::rs_catalog.super;

CREATE OR REPLACE FUNCTION rs_internal.integer_super(value integer) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_json(value)::rs_catalog.super;

CREATE OR REPLACE FUNCTION rs_internal.bigint_super(value bigint) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_json(value)::rs_catalog.super;

CREATE OR REPLACE FUNCTION rs_internal.smallint_super(value smallint) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_json(value)::rs_catalog.super;

CREATE OR REPLACE FUNCTION rs_internal.double_super(value double precision) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_json(value)::rs_catalog.super;

CREATE OR REPLACE FUNCTION rs_internal.boolean_super(value boolean) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN to_json(value)::rs_catalog.super;

-- Characters become their UTF-8 bytes; bytes become characters only where they are UTF-8.
CREATE OR REPLACE FUNCTION rs_internal.text_varbyte(value text) RETURNS rs_catalog.varbyte LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN convert_to(value, 'UTF8')::rs_catalog.varbyte;

CREATE OR REPLACE FUNCTION rs_internal.varchar_varbyte(value character varying) RETURNS rs_catalog.varbyte LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN convert_to(value::text, 'UTF8')::rs_catalog.varbyte;

CREATE OR REPLACE FUNCTION rs_internal.varbyte_text(value rs_catalog.varbyte) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN convert_from(value::bytea, 'UTF8');

CREATE OR REPLACE FUNCTION rs_internal.varbyte_varchar(value rs_catalog.varbyte) RETURNS character varying LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN convert_from(value::bytea, 'UTF8')::character varying;

CREATE OR REPLACE FUNCTION rs_internal.varbyte_length(value rs_catalog.varbyte, length integer, explicit boolean) RETURNS rs_catalog.varbyte
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF length < 0 OR octet_length(value::bytea) <= length THEN
        RETURN value;
    ELSIF explicit THEN
        RETURN substring(value::bytea FROM 1 FOR length)::rs_catalog.varbyte;
    END IF;
    RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = format('value too long for type binary varying(%s)', length);
END
$$;

-- Casts that Redshift lacks; PostgreSQL has the first kind built in and makes the second by input and output.
CREATE OR REPLACE FUNCTION rs_internal.no_cast_to_varchar(value boolean) RETURNS character varying LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '42846', MESSAGE = 'cannot cast type boolean to character varying';
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.no_cast_to_text(value boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '42846', MESSAGE = 'cannot cast type boolean to character varying';
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.no_cast_to_bpchar(value boolean) RETURNS character LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '42846', MESSAGE = 'cannot cast type boolean to character';
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.no_cast_from_varchar(value character varying) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '42846', MESSAGE = 'cannot cast type character varying to boolean';
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.no_cast_from_text(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '42846', MESSAGE = 'cannot cast type character varying to boolean';
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.no_cast_from_bpchar(value character) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '42846', MESSAGE = 'cannot cast type character to boolean';
END
$$;

UPDATE pg_catalog.pg_cast AS c
SET castfunc = r.function::oid, castcontext = 'e'
FROM (VALUES
    ('pg_catalog.varchar'::regtype, 'rs_internal.no_cast_to_varchar(boolean)'::regprocedure),
    ('pg_catalog.text'::regtype, 'rs_internal.no_cast_to_text(boolean)'::regprocedure),
    ('pg_catalog.bpchar'::regtype, 'rs_internal.no_cast_to_bpchar(boolean)'::regprocedure)) AS r (target, function)
WHERE c.castsource = 'pg_catalog.bool'::regtype AND c.casttarget = r.target;

CREATE OR REPLACE PROCEDURE rs_internal.make_cast(source text, target text, method text) LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_cast WHERE castsource = source::regtype AND casttarget = target::regtype) THEN
        EXECUTE format('CREATE CAST (%s AS %s) %s', source, target, method);
    END IF;
END
$$;

CALL rs_internal.make_cast('character varying', 'boolean', 'WITH FUNCTION rs_internal.no_cast_from_varchar(character varying)');
CALL rs_internal.make_cast('text', 'boolean', 'WITH FUNCTION rs_internal.no_cast_from_text(text)');
CALL rs_internal.make_cast('character', 'boolean', 'WITH FUNCTION rs_internal.no_cast_from_bpchar(character)');
CALL rs_internal.make_cast('rs_catalog.super', 'text', 'WITH FUNCTION rs_internal.super_text(rs_catalog.super)');
CALL rs_internal.make_cast('rs_catalog.super', 'character varying', 'WITH FUNCTION rs_internal.super_varchar(rs_catalog.super)');
CALL rs_internal.make_cast('rs_catalog.super', 'character', 'WITH FUNCTION rs_internal.super_bpchar(rs_catalog.super)');
CALL rs_internal.make_cast('rs_catalog.super', 'smallint', 'WITH FUNCTION rs_internal.super_smallint(rs_catalog.super)');
CALL rs_internal.make_cast('rs_catalog.super', 'integer', 'WITH FUNCTION rs_internal.super_integer(rs_catalog.super)');
CALL rs_internal.make_cast('rs_catalog.super', 'bigint', 'WITH FUNCTION rs_internal.super_bigint(rs_catalog.super)');
CALL rs_internal.make_cast('rs_catalog.super', 'numeric', 'WITH FUNCTION rs_internal.super_numeric(rs_catalog.super)');
CALL rs_internal.make_cast('rs_catalog.super', 'double precision', 'WITH FUNCTION rs_internal.super_double(rs_catalog.super)');
CALL rs_internal.make_cast('rs_catalog.super', 'boolean', 'WITH FUNCTION rs_internal.super_boolean(rs_catalog.super)');
CALL rs_internal.make_cast('text', 'rs_catalog.super', 'WITH FUNCTION rs_internal.text_super(text) AS ASSIGNMENT');
CALL rs_internal.make_cast('character varying', 'rs_catalog.super', 'WITH FUNCTION rs_internal.varchar_super(character varying) AS ASSIGNMENT');
CALL rs_internal.make_cast('character', 'rs_catalog.super', 'WITH FUNCTION rs_internal.bpchar_super(character) AS ASSIGNMENT');
CALL rs_internal.make_cast('smallint', 'rs_catalog.super', 'WITH FUNCTION rs_internal.smallint_super(smallint) AS ASSIGNMENT');
CALL rs_internal.make_cast('integer', 'rs_catalog.super', 'WITH FUNCTION rs_internal.integer_super(integer) AS ASSIGNMENT');
CALL rs_internal.make_cast('bigint', 'rs_catalog.super', 'WITH FUNCTION rs_internal.bigint_super(bigint) AS ASSIGNMENT');
CALL rs_internal.make_cast('numeric', 'rs_catalog.super', 'WITH FUNCTION rs_internal.numeric_super(numeric) AS ASSIGNMENT');
CALL rs_internal.make_cast('double precision', 'rs_catalog.super', 'WITH FUNCTION rs_internal.double_super(double precision) AS ASSIGNMENT');
CALL rs_internal.make_cast('boolean', 'rs_catalog.super', 'WITH FUNCTION rs_internal.boolean_super(boolean) AS ASSIGNMENT');
CALL rs_internal.make_cast('text', 'rs_catalog.varbyte', 'WITH FUNCTION rs_internal.text_varbyte(text) AS ASSIGNMENT');
CALL rs_internal.make_cast('character varying', 'rs_catalog.varbyte', 'WITH FUNCTION rs_internal.varchar_varbyte(character varying) AS ASSIGNMENT');
CALL rs_internal.make_cast('rs_catalog.varbyte', 'text', 'WITH FUNCTION rs_internal.varbyte_text(rs_catalog.varbyte)');
CALL rs_internal.make_cast('rs_catalog.varbyte', 'character varying', 'WITH FUNCTION rs_internal.varbyte_varchar(rs_catalog.varbyte)');
CALL rs_internal.make_cast('rs_catalog.varbyte', 'rs_catalog.varbyte', 'WITH FUNCTION rs_internal.varbyte_length(rs_catalog.varbyte, integer, boolean) AS IMPLICIT');
DROP PROCEDURE rs_internal.make_cast(text, text, text);

-- Equality and order are those of the bytes, which is what GROUP BY, DISTINCT and ORDER BY need.
DO $$
DECLARE
    type text;
    operator record;
BEGIN
    FOREACH type IN ARRAY ARRAY['super', 'varbyte'] LOOP
        CONTINUE WHEN EXISTS (
            SELECT FROM pg_catalog.pg_opclass AS o JOIN pg_catalog.pg_namespace AS n ON n.oid = o.opcnamespace
            WHERE n.nspname = 'rs_catalog' AND o.opcname = type || '_ops');
        FOR operator IN
            SELECT * FROM (VALUES ('=', 'eq', '=', '<>', 'eqsel', 'eqjoinsel', ', HASHES, MERGES'), ('<>', 'ne', '<>', '=', 'neqsel', 'neqjoinsel', ''),
                ('<', 'lt', '>', '>=', 'scalarltsel', 'scalarltjoinsel', ''), ('<=', 'le', '>=', '>', 'scalarlesel', 'scalarlejoinsel', ''),
                ('>', 'gt', '<', '<=', 'scalargtsel', 'scalargtjoinsel', ''), ('>=', 'ge', '<=', '<', 'scalargesel', 'scalargejoinsel', ''))
                AS o (sign, name, commutator, negator, restrict, joins, more)
        LOOP
            EXECUTE format('CREATE FUNCTION rs_internal.%1$s_%2$s(rs_catalog.%1$s, rs_catalog.%1$s) RETURNS boolean '
                'LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS %3$L', type, operator.name, 'bytea' || operator.name);
            EXECUTE format('CREATE OPERATOR rs_catalog.%2$s (FUNCTION = rs_internal.%1$s_%3$s, LEFTARG = rs_catalog.%1$s, RIGHTARG = rs_catalog.%1$s, '
                'COMMUTATOR = OPERATOR(rs_catalog.%4$s), NEGATOR = OPERATOR(rs_catalog.%5$s), RESTRICT = %6$s, JOIN = %7$s%8$s)',
                type, operator.sign, operator.name, operator.commutator, operator.negator, operator.restrict, operator.joins, operator.more);
        END LOOP;
        EXECUTE format('CREATE FUNCTION rs_internal.%1$s_cmp(rs_catalog.%1$s, rs_catalog.%1$s) RETURNS integer '
            'LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS ''byteacmp''', type);
        EXECUTE format('CREATE FUNCTION rs_internal.%1$s_hash(rs_catalog.%1$s) RETURNS integer '
            'LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS ''hashvarlena''', type);
        EXECUTE format('CREATE OPERATOR CLASS rs_catalog.%1$s_ops DEFAULT FOR TYPE rs_catalog.%1$s USING btree AS '
            'OPERATOR 1 rs_catalog.<, OPERATOR 2 rs_catalog.<=, OPERATOR 3 rs_catalog.=, OPERATOR 4 rs_catalog.>=, OPERATOR 5 rs_catalog.>, '
            'FUNCTION 1 rs_internal.%1$s_cmp(rs_catalog.%1$s, rs_catalog.%1$s)', type);
        EXECUTE format('CREATE OPERATOR CLASS rs_catalog.%1$s_hash_ops DEFAULT FOR TYPE rs_catalog.%1$s USING hash AS '
            'OPERATOR 1 rs_catalog.=, FUNCTION 1 rs_internal.%1$s_hash(rs_catalog.%1$s)', type);
    END LOOP;
END
$$;
