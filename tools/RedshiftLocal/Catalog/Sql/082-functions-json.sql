-- JSON in text and in SUPER.
-- Gives: json_parse, json_serialize, can_json_parse, is_valid_json, is_valid_json_array, json_extract_path_text, json_extract_array_element_text,
-- json_array_length, json_typeof, json_size, get_array_length, is_object and its kin.

CREATE OR REPLACE FUNCTION rs_internal.parsed(value text) RETURNS json LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN value::json;
EXCEPTION
    WHEN invalid_text_representation OR untranslatable_character THEN RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.parsed_or_fail(value text) RETURNS json LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result json := rs_internal.parsed(value);
BEGIN
    IF result IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'JSON parsing error';
    END IF;
    RETURN result;
END
$$;

-- Without the blanks between tokens; order, duplicates and the digits of numbers stay.
CREATE OR REPLACE FUNCTION rs_internal.compact(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.regexp_replace(value, '("([^"\\]|\\.)*")|[ \n\r\t]+', '\1', 'g');

CREATE OR REPLACE FUNCTION rs_catalog.json_parse(value text) RETURNS rs_catalog.super LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.compact(rs_internal.parsed_or_fail(value)::text)::json::rs_catalog.super;

CREATE OR REPLACE FUNCTION rs_internal.serialized(value text) RETURNS character varying LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF octet_length(value) > 65535 THEN
        RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = 'value too long for type character varying(65535)';
    END IF;
    RETURN value;
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.json_serialize(value rs_catalog.super) RETURNS character varying LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.serialized(value::json::text);

CREATE OR REPLACE FUNCTION rs_catalog.can_json_parse(value text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rs_internal.parsed(value) IS NOT NULL;

CREATE OR REPLACE FUNCTION rs_catalog.is_valid_json(value text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(json_typeof(rs_internal.parsed(value)) = 'object', false);

CREATE OR REPLACE FUNCTION rs_catalog.is_valid_json_array(value text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(json_typeof(rs_internal.parsed(value)) = 'array', false);

CREATE OR REPLACE FUNCTION rs_internal.json_path(value text, path text[], null_if_invalid boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN null_if_invalid THEN rs_internal.parsed(value) ELSE rs_internal.parsed_or_fail(value) END #>> path;
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.json_extract_path_text(value text, VARIADIC path text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.json_path(value, path, false);

CREATE OR REPLACE FUNCTION rs_catalog.json_extract_path_text(value text, a text, null_if_invalid boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.json_path(value, ARRAY[a], null_if_invalid);

CREATE OR REPLACE FUNCTION rs_catalog.json_extract_path_text(value text, a text, b text, null_if_invalid boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.json_path(value, ARRAY[a, b], null_if_invalid);

CREATE OR REPLACE FUNCTION rs_catalog.json_extract_path_text(value text, a text, b text, c text, null_if_invalid boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.json_path(value, ARRAY[a, b, c], null_if_invalid);

CREATE OR REPLACE FUNCTION rs_catalog.json_extract_path_text(value text, a text, b text, c text, d text, null_if_invalid boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.json_path(value, ARRAY[a, b, c, d], null_if_invalid);

CREATE OR REPLACE FUNCTION rs_catalog.json_extract_path_text(value text, a text, b text, c text, d text, e text, null_if_invalid boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.json_path(value, ARRAY[a, b, c, d, e], null_if_invalid);

CREATE OR REPLACE FUNCTION rs_catalog.json_extract_array_element_text(value text, place integer, null_if_invalid boolean DEFAULT false) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.json_path(value, ARRAY[place::text], null_if_invalid);

CREATE OR REPLACE FUNCTION rs_catalog.json_array_length(value text, null_if_invalid boolean DEFAULT false) RETURNS integer LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF rs_catalog.is_valid_json_array(value) THEN
        RETURN pg_catalog.json_array_length(value::json);
    ELSIF null_if_invalid THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = 'JSON parsing error';
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.json_typeof(value rs_catalog.super) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.json_typeof(value::json);

CREATE OR REPLACE FUNCTION rs_catalog.json_size(value rs_catalog.super) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN octet_length(value::json::text);

CREATE OR REPLACE FUNCTION rs_catalog.get_array_length(value rs_catalog.super) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN pg_catalog.json_typeof(value::json) = 'array' THEN pg_catalog.json_array_length(value::json) END;

CREATE OR REPLACE FUNCTION rs_catalog.is_array(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.json_typeof(value::json) = 'array';

CREATE OR REPLACE FUNCTION rs_catalog.is_object(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.json_typeof(value::json) = 'object';

CREATE OR REPLACE FUNCTION rs_catalog.is_scalar(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.json_typeof(value::json) IN ('string', 'number', 'boolean');

CREATE OR REPLACE FUNCTION rs_catalog.is_varchar(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.json_typeof(value::json) = 'string';

CREATE OR REPLACE FUNCTION rs_catalog.is_char(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.json_typeof(value::json) = 'string';

CREATE OR REPLACE FUNCTION rs_catalog.is_boolean(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN pg_catalog.json_typeof(value::json) = 'boolean';

-- The number of a SUPER that is a number.
CREATE OR REPLACE FUNCTION rs_internal.super_number(value rs_catalog.super) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN pg_catalog.json_typeof(value::json) = 'number' THEN value::json::text::numeric END;

CREATE OR REPLACE FUNCTION rs_catalog.is_smallint(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(value::json::text ~ '^-?[0-9]+$' AND rs_internal.super_number(value) BETWEEN -32768 AND 32767, false);

CREATE OR REPLACE FUNCTION rs_catalog.is_integer(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(value::json::text ~ '^-?[0-9]+$' AND rs_internal.super_number(value) BETWEEN -2147483648 AND 2147483647, false);

CREATE OR REPLACE FUNCTION rs_catalog.is_bigint(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(value::json::text ~ '^-?[0-9]+$' AND rs_internal.super_number(value) BETWEEN -9223372036854775808 AND 9223372036854775807, false);

CREATE OR REPLACE FUNCTION rs_catalog.is_decimal(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(rs_internal.super_number(value) IS NOT NULL AND value::json::text !~ '[eE]', false);

CREATE OR REPLACE FUNCTION rs_catalog.is_float(value rs_catalog.super) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN coalesce(rs_internal.super_number(value) IS NOT NULL, false);
