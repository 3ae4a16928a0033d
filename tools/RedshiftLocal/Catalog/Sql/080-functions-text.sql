-- Text, hashes, bytes and regular expressions as Redshift has them.
-- Gives: len, textlen, charindex, replicate, octetindex, substr_bytes, strtol, bpcharcmp, bttext_pattern_cmp, regexp_*, sha*, crc32, fnv_hash,
-- to_varbyte, from_varbyte, to_hex, from_hex, any_value, dexp, dlog1, dlog10, dpow.

-- Trailing blanks of CHAR do not count: the cast to text drops them.
CREATE OR REPLACE FUNCTION rs_catalog.len(value text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN char_length(value);

CREATE OR REPLACE FUNCTION rs_catalog.len(value rs_catalog.varbyte) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN octet_length(value::bytea);

CREATE OR REPLACE FUNCTION rs_catalog.octet_length(value rs_catalog.varbyte) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN octet_length(value::bytea);

CREATE OR REPLACE FUNCTION rs_catalog.textlen(value text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN char_length(value);

CREATE OR REPLACE FUNCTION rs_catalog.charindex(part text, value text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN strpos(value, part);

CREATE OR REPLACE FUNCTION rs_catalog.replicate(value text, times integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN repeat(value, times);

CREATE OR REPLACE FUNCTION rs_catalog.octetindex(part text, value text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE strpos(value, part) WHEN 0 THEN 0 ELSE octet_length(left(value, strpos(value, part) - 1)) + 1 END;

CREATE OR REPLACE FUNCTION rs_catalog.strtol(value text, base integer) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    digits text := lower(btrim(value));
    negative boolean := digits LIKE '-%';
    result numeric := 0;
    digit integer;
    place integer;
BEGIN
    IF base < 2 OR base > 36 THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('invalid base %s for strtol: it must be between 2 and 36', base);
    END IF;
    digits := ltrim(digits, '+-');
    IF base = 16 AND digits LIKE '0x%' THEN
        digits := substr(digits, 3);
    END IF;
    FOR place IN 1 .. length(digits) LOOP
        digit := strpos('0123456789abcdefghijklmnopqrstuvwxyz', substr(digits, place, 1)) - 1;
        IF digit < 0 OR digit >= base THEN
            RAISE EXCEPTION USING ERRCODE = '22P02', MESSAGE = format('The input %s is not valid to be converted to base %s', value, base);
        END IF;
        result := result * base + digit;
    END LOOP;
    RETURN CASE WHEN negative THEN -result ELSE result END;
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.bpcharcmp(a text, b text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN rtrim(a, ' ') COLLATE "C" < rtrim(b, ' ') THEN -1 WHEN rtrim(a, ' ') COLLATE "C" > rtrim(b, ' ') THEN 1 WHEN a IS NULL OR b IS NULL THEN NULL ELSE 0 END;

CREATE OR REPLACE FUNCTION rs_catalog.bttext_pattern_cmp(a text, b text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN a COLLATE "C" < b THEN -1 WHEN a COLLATE "C" > b THEN 1 WHEN a IS NULL OR b IS NULL THEN NULL ELSE 0 END;

-- Redshift's flags: c case-sensitive (the default), i not, e first group, p a Perl dialect (PostgreSQL's own is taken for it).
CREATE OR REPLACE FUNCTION rs_internal.regexp_flags(parameters text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF parameters !~ '^[ceip]*$' THEN
        RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('invalid regexp option: "%s"', parameters);
    END IF;
    RETURN CASE WHEN parameters ~ 'i' THEN 'i' ELSE '' END;
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.regexp_count(value text, pattern text, start integer DEFAULT 1, parameters text DEFAULT 'c') RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.regexp_count(value, pattern, start, rs_internal.regexp_flags(parameters));

CREATE OR REPLACE FUNCTION rs_catalog.regexp_instr(
    value text, pattern text, start integer DEFAULT 1, occurrence integer DEFAULT 1, at_end integer DEFAULT 0, parameters text DEFAULT 'c') RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.regexp_instr(value, pattern, start, occurrence, at_end, rs_internal.regexp_flags(parameters),
    CASE WHEN parameters ~ 'e' THEN 1 ELSE 0 END);

-- Empty, not NULL, where nothing matches.
CREATE OR REPLACE FUNCTION rs_catalog.regexp_substr(
    value text, pattern text, start integer DEFAULT 1, occurrence integer DEFAULT 1, parameters text DEFAULT 'c') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN value IS NOT NULL AND pattern IS NOT NULL THEN
    coalesce(pg_catalog.regexp_substr(value, pattern, start, occurrence, rs_internal.regexp_flags(parameters), CASE WHEN parameters ~ 'e' THEN 1 ELSE 0 END), '')
END;

-- Every occurrence is replaced; $1 names a group.
CREATE OR REPLACE FUNCTION rs_internal.regexp_replacement(replacement text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.regexp_replace(replace(replacement, '\', '\\'), '[$]([1-9])', '\\\1', 'g');

CREATE OR REPLACE FUNCTION rs_catalog.regexp_replace(value text, pattern text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.regexp_replace(value, pattern, '', 'g');

CREATE OR REPLACE FUNCTION rs_catalog.regexp_replace(value text, pattern text, replacement text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.regexp_replace(value, pattern, rs_internal.regexp_replacement(replacement), 'g');

CREATE OR REPLACE FUNCTION rs_catalog.regexp_replace(value text, pattern text, replacement text, start integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.regexp_replace(value, pattern, rs_internal.regexp_replacement(replacement), start, 0);

CREATE OR REPLACE FUNCTION rs_catalog.regexp_replace(value text, pattern text, replacement text, start integer, parameters text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.regexp_replace(value, pattern, rs_internal.regexp_replacement(replacement), start, 0, rs_internal.regexp_flags(parameters));

-- PostgreSQL has no SHA-1 of its own.
CREATE OR REPLACE FUNCTION rs_internal.sha1(message bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mask constant bigint := 4294967295;
    h bigint[] := ARRAY[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
    w bigint[];
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; t bigint;
    padded bytea := message || decode('80', 'hex') || decode(repeat('00', (119 - octet_length(message) % 64) % 64), 'hex') || int8send(octet_length(message)::bigint * 8);
    block integer;
    i integer;
BEGIN
    FOR block IN 0 .. octet_length(padded) / 64 - 1 LOOP
        w := ARRAY[]::bigint[];
        FOR i IN 0 .. 15 LOOP
            w[i] := (get_byte(padded, block * 64 + i * 4)::bigint << 24) | (get_byte(padded, block * 64 + i * 4 + 1) << 16)
                | (get_byte(padded, block * 64 + i * 4 + 2) << 8) | get_byte(padded, block * 64 + i * 4 + 3);
        END LOOP;
        FOR i IN 16 .. 79 LOOP
            t := w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16];
            w[i] := ((t << 1) | (t >> 31)) & mask;
        END LOOP;
        a := h[1]; b := h[2]; c := h[3]; d := h[4]; e := h[5];
        FOR i IN 0 .. 79 LOOP
            IF i < 20 THEN
                f := (b & c) | ((b # mask) & d); k := 1518500249;
            ELSIF i < 40 THEN
                f := b # c # d; k := 1859775393;
            ELSIF i < 60 THEN
                f := (b & c) | (b & d) | (c & d); k := 2400959708;
            ELSE
                f := b # c # d; k := 3395469782;
            END IF;
            t := ((((a << 5) | (a >> 27)) & mask) + f + e + k + w[i]) & mask;
            e := d; d := c; c := ((b << 30) | (b >> 2)) & mask; b := a; a := t;
        END LOOP;
        h := ARRAY[(h[1] + a) & mask, (h[2] + b) & mask, (h[3] + c) & mask, (h[4] + d) & mask, (h[5] + e) & mask];
    END LOOP;
    RETURN lpad(to_hex(h[1]), 8, '0') || lpad(to_hex(h[2]), 8, '0') || lpad(to_hex(h[3]), 8, '0') || lpad(to_hex(h[4]), 8, '0') || lpad(to_hex(h[5]), 8, '0');
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.sha1(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.sha1(convert_to(value, 'UTF8'));

CREATE OR REPLACE FUNCTION rs_catalog.sha(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.sha1(convert_to(value, 'UTF8'));

CREATE OR REPLACE FUNCTION rs_catalog.func_sha1(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.sha1(convert_to(value, 'UTF8'));

CREATE OR REPLACE FUNCTION rs_catalog.sha2(value text, bits integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE bits
    WHEN 224 THEN encode(sha224(convert_to(value, 'UTF8')), 'hex')
    WHEN 256 THEN encode(sha256(convert_to(value, 'UTF8')), 'hex')
    WHEN 0 THEN encode(sha256(convert_to(value, 'UTF8')), 'hex')
    WHEN 384 THEN encode(sha384(convert_to(value, 'UTF8')), 'hex')
    WHEN 512 THEN encode(sha512(convert_to(value, 'UTF8')), 'hex')
END;

CREATE OR REPLACE FUNCTION rs_catalog.crc32(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bytes bytea := convert_to(value, 'UTF8');
    crc bigint := 4294967295;
    i integer;
BEGIN
    FOR i IN 0 .. octet_length(bytes) - 1 LOOP
        crc := crc # get_byte(bytes, i);
        FOR bit IN 1 .. 8 LOOP
            crc := CASE WHEN crc & 1 = 1 THEN (crc >> 1) # 3988292384 ELSE crc >> 1 END;
        END LOOP;
    END LOOP;
    RETURN lpad(to_hex(crc # 4294967295), 8, '0');
END
$$;

-- FNV-1a of 64 bits; numbers are hashed as their bytes, the lowest first.
CREATE OR REPLACE FUNCTION rs_internal.fnv_hash(bytes bytea, seed bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    two32 constant numeric := 4294967296;
    two64 constant numeric := two32 * two32;
    hash numeric := CASE WHEN seed < 0 THEN seed + two64 ELSE seed END;
    i integer;
    low bigint;
BEGIN
    FOR i IN 0 .. octet_length(bytes) - 1 LOOP
        low := mod(hash, two32);
        hash := mod((hash - low + (low # get_byte(bytes, i))) * 1099511628211, two64);
    END LOOP;
    RETURN CASE WHEN hash >= two64 / 2 THEN hash - two64 ELSE hash END;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.reversed(bytes bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (SELECT string_agg(substring(bytes FROM n FOR 1), ''::bytea ORDER BY n DESC) FROM generate_series(1, octet_length(bytes)) AS n);

CREATE OR REPLACE FUNCTION rs_catalog.fnv_hash(value text, seed bigint DEFAULT -3750763034362895579) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.fnv_hash(convert_to(value, 'UTF8'), seed);

CREATE OR REPLACE FUNCTION rs_catalog.fnv_hash(value smallint, seed bigint DEFAULT -3750763034362895579) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.fnv_hash(rs_internal.reversed(int2send(value)), seed);

CREATE OR REPLACE FUNCTION rs_catalog.fnv_hash(value integer, seed bigint DEFAULT -3750763034362895579) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.fnv_hash(rs_internal.reversed(int4send(value)), seed);

CREATE OR REPLACE FUNCTION rs_catalog.fnv_hash(value bigint, seed bigint DEFAULT -3750763034362895579) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rs_internal.fnv_hash(rs_internal.reversed(int8send(value)), seed);

CREATE OR REPLACE FUNCTION rs_catalog.from_hex(value text) RETURNS rs_catalog.varbyte LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN decode(value, 'hex')::rs_catalog.varbyte;

CREATE OR REPLACE FUNCTION rs_catalog.to_hex(value rs_catalog.varbyte) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN encode(value::bytea, 'hex');

CREATE OR REPLACE FUNCTION rs_internal.byte_format(format text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE lower(format) WHEN 'hex' THEN 'hex' WHEN 'binary' THEN 'hex' WHEN 'base64' THEN 'base64' WHEN 'utf8' THEN 'utf8' WHEN 'utf-8' THEN 'utf8'
        ELSE rs_internal.bad_format(format) END;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.bad_format(format text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = pg_catalog.format('unsupported format "%s" of a VARBYTE', format);
END
$$;

CREATE OR REPLACE FUNCTION rs_catalog.to_varbyte(value text, format text) RETURNS rs_catalog.varbyte LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE rs_internal.byte_format(format) WHEN 'utf8' THEN convert_to(value, 'UTF8') ELSE decode(value, rs_internal.byte_format(format)) END::rs_catalog.varbyte;

CREATE OR REPLACE FUNCTION rs_catalog.from_varbyte(value rs_catalog.varbyte, format text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE rs_internal.byte_format(format) WHEN 'utf8' THEN convert_from(value::bytea, 'UTF8')
    ELSE replace(encode(value::bytea, rs_internal.byte_format(format)), chr(10), '') END;

CREATE OR REPLACE FUNCTION rs_catalog.dexp(value double precision) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN exp(value);

CREATE OR REPLACE FUNCTION rs_catalog.dlog1(value double precision) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ln(value);

CREATE OR REPLACE FUNCTION rs_catalog.dlog10(value double precision) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN log(value);

CREATE OR REPLACE FUNCTION rs_catalog.dpow(value double precision, exponent double precision) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN power(value, exponent);

CREATE OR REPLACE FUNCTION rs_catalog.trunc(value numeric) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.trunc(value);

CREATE OR REPLACE FUNCTION rs_catalog.trunc(value numeric, places integer) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.trunc(value, places);

CREATE OR REPLACE FUNCTION rs_catalog.trunc(value double precision) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.trunc(value);

-- The first value met that is not NULL.
CREATE OR REPLACE FUNCTION rs_internal.first_met(kept anyelement, met anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1';
CREATE OR REPLACE AGGREGATE rs_catalog.any_value(anyelement) (SFUNC = rs_internal.first_met, STYPE = anyelement, PARALLEL = SAFE, COMBINEFUNC = rs_internal.first_met);
