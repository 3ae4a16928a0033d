-- What the views are made of: who asks, how PostgreSQL's relations and types are shown as Redshift's.
-- Gives: rs_internal.{user_id, is_superuser, provisioned, shown_user, shown_type, type_words, encoding_name, dots} and the view rs_internal.relations.

-- The OID of the role that asks; the server's own superuser is Redshift's rdsdb, user 1.
CREATE OR REPLACE FUNCTION rs_internal.shown_user(role oid) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN role = 10 THEN 1 ELSE role::integer END;

CREATE OR REPLACE FUNCTION rs_internal.user_id() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_internal.shown_user(quote_ident(current_user)::regrole::oid);

CREATE OR REPLACE FUNCTION rs_internal.is_superuser() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN pg_has_role(current_user, 'rs_superuser', 'member');

-- Whether the STL and STV views can be read: they cannot on Redshift Serverless.
CREATE OR REPLACE FUNCTION rs_internal.provisioned(relation text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('redshift_local.serverless', true) = 'on' THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('permission denied for relation %s', relation);
    END IF;
    RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.shown_type(type oid) RETURNS oid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE type
    WHEN 'rs_catalog.super'::regtype::oid THEN 4000::oid
    WHEN 'rs_catalog.varbyte'::regtype::oid THEN 6551::oid
    WHEN 'pg_catalog.text'::regtype::oid THEN 1043::oid
    ELSE type
END;

-- A type in Redshift's words, without modifiers.
CREATE OR REPLACE FUNCTION rs_internal.type_words(type oid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE type
    WHEN 'rs_catalog.super'::regtype::oid THEN 'super'
    WHEN 'rs_catalog.varbyte'::regtype::oid THEN 'varbyte'
    WHEN 20::oid THEN 'bigint'
    WHEN 21::oid THEN 'smallint'
    WHEN 23::oid THEN 'integer'
    WHEN 16::oid THEN 'boolean'
    WHEN 700::oid THEN 'real'
    WHEN 701::oid THEN 'double precision'
    WHEN 1700::oid THEN 'numeric'
    WHEN 1042::oid THEN 'character'
    WHEN 1043::oid THEN 'character varying'
    WHEN 25::oid THEN 'character varying'
    WHEN 1082::oid THEN 'date'
    WHEN 1083::oid THEN 'time'
    WHEN 1266::oid THEN 'timetz'
    WHEN 1114::oid THEN 'timestamp'
    WHEN 1184::oid THEN 'timestamptz'
    WHEN 1186::oid THEN 'interval'
    ELSE pg_catalog.format_type(type, NULL)
END;

-- pg_attribute.attencodingtype to the name that the catalogs show; RAW is shown as none.
CREATE OR REPLACE FUNCTION rs_internal.encoding_name(code integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE code
    WHEN 0 THEN 'none' WHEN 1 THEN 'bytedict' WHEN 2 THEN 'delta' WHEN 3 THEN 'delta32k' WHEN 4 THEN 'lzo' WHEN 5 THEN 'mostly8' WHEN 6 THEN 'mostly16'
    WHEN 7 THEN 'mostly32' WHEN 8 THEN 'runlength' WHEN 9 THEN 'text255' WHEN 10 THEN 'text32k' WHEN 11 THEN 'zstd' WHEN 12 THEN 'az64'
END;

CREATE OR REPLACE FUNCTION rs_internal.encoding_code(name text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE name
    WHEN 'raw' THEN 0 WHEN 'none' THEN 0 WHEN 'bytedict' THEN 1 WHEN 'delta' THEN 2 WHEN 'delta32k' THEN 3 WHEN 'lzo' THEN 4 WHEN 'mostly8' THEN 5
    WHEN 'mostly16' THEN 6 WHEN 'mostly32' THEN 7 WHEN 'runlength' THEN 8 WHEN 'text255' THEN 9 WHEN 'text32k' THEN 10 WHEN 'zstd' THEN 11 WHEN 'az64' THEN 12
END;

-- Each byte beyond ASCII as a dot.
CREATE OR REPLACE FUNCTION rs_internal.dots(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(
    regexp_replace(replace(encode(convert_to(value, 'UTF8'), 'escape'), '\\', chr(1)), '\\[0-7]{3}', '.', 'g'),
    chr(1), '\');

-- The relations that clients see, as they see them: ours stand for pg_catalog's and information_schema's.
CREATE OR REPLACE VIEW rs_internal.relations AS
SELECT c.oid, c.relname, c.relnamespace AS real_namespace, n.nspname AS real_schema,
    CASE n.nspname WHEN 'rs_catalog' THEN 11::oid WHEN 'rs_information_schema' THEN i.oid ELSE n.oid END AS namespace,
    CASE n.nspname WHEN 'rs_catalog' THEN 'pg_catalog'::name WHEN 'rs_information_schema' THEN 'information_schema'::name ELSE n.nspname END AS schema,
    n.nspname IN ('rs_catalog', 'rs_information_schema') AS is_system,
    CASE
        WHEN n.nspname = 'rs_catalog' AND (c.relname ~ '^(stl|stv|sys)_' OR c.relname IN (
            'pg_class', 'pg_attribute', 'pg_attrdef', 'pg_namespace', 'pg_type', 'pg_constraint', 'pg_index', 'pg_proc', 'pg_group', 'pg_description',
            'pg_database', 'pg_depend', 'pg_language', 'pg_shadow')) THEN 'r'::"char"
        ELSE c.relkind
    END AS relkind,
    rs_internal.shown_user(c.relowner) AS owner, c.relowner AS real_owner, c.reltype, c.relfilenode, c.relpages, c.reltuples, c.relnatts, c.relchecks,
    c.relhasrules, c.relacl, c.relpersistence
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = 'information_schema') AS i
WHERE c.relkind IN ('r', 'v')
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'rs_internal', 'pg_toast')
    AND n.nspname !~ '^pg_toast_temp_';

-- A relation's rights without those that stand for a Redshift superuser's.
CREATE OR REPLACE FUNCTION rs_internal.shown_rights(rights aclitem[], kind "char", owner oid) RETURNS aclitem[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
    SELECT CASE WHEN array_agg(a ORDER BY a::text) = (SELECT array_agg(d ORDER BY d::text) FROM unnest(acldefault(kind, owner)) AS d) THEN NULL
        ELSE array_agg(a) END
    FROM unnest(rights) AS a
    WHERE a::text !~ '^rs_superuser=');

-- Redshift takes the encoding from the type when none is given; the first column of a sort key stays raw.
CREATE OR REPLACE FUNCTION rs_internal.default_encode(type oid, in_sortkey boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN in_sortkey THEN 'none'
    WHEN type IN (20::oid, 21::oid, 23::oid, 1700::oid, 1082::oid, 1083::oid, 1266::oid, 1114::oid, 1184::oid) THEN 'az64'
    WHEN type IN (16::oid, 700::oid, 701::oid) THEN 'none'
    WHEN type IN ('rs_catalog.super'::regtype::oid) THEN 'zstd'
    ELSE 'lzo'
END;

-- The columns that clients see, with Redshift's attributes.
CREATE OR REPLACE VIEW rs_internal.shown_columns AS
SELECT r.oid AS relid, r.schema, r.real_schema, r.relname, r.relkind, r.is_system, r.owner, r.real_owner,
    a.attnum, a.attname, a.atttypid, rs_internal.shown_type(a.atttypid) AS shown_type, a.atttypmod, a.attlen, a.attndims, a.attbyval, a.attstorage,
    a.attalign, a.attnotnull, a.attislocal, a.attstattarget, a.attisdropped,
    a.atthasdef OR i.attnum IS NOT NULL AS has_default,
    CASE WHEN i.attnum IS NOT NULL THEN
        format(CASE WHEN i.always THEN '"identity"(%s, %s, ''%s,%s''::text)' ELSE 'default_identity(%s, %s, ''%s,%s''::text)' END, r.oid, a.attnum - 1, i.seed, i.step)
    ELSE pg_get_expr(d.adbin, d.adrelid) END AS default_text,
    d.oid AS default_oid,
    CASE WHEN r.relkind = 'v' OR r.is_system THEN 'none'
        ELSE coalesce(k.encode, rs_internal.default_encode(a.atttypid, coalesce(a.attnum = ANY (t.sortkey), false))) END AS encoding,
    coalesce(t.distkey = a.attnum, false) AS is_distkey,
    CASE
        WHEN array_position(t.sortkey, a.attnum) IS NULL THEN 0
        WHEN t.sortstyle = 'INTERLEAVED' AND array_position(t.sortkey, a.attnum) % 2 = 0 THEN -array_position(t.sortkey, a.attnum)
        ELSE array_position(t.sortkey, a.attnum)
    END AS sortkey,
    k.collation_name
FROM rs_internal.relations AS r
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.attgenerated = ''
LEFT JOIN rs_internal.tables AS t ON t.relid = r.oid
LEFT JOIN rs_internal.columns AS k ON k.relid = a.attrelid AND k.attnum = a.attnum
LEFT JOIN rs_internal.identity_columns AS i ON i.relid = a.attrelid AND i.attnum = a.attnum;

CREATE OR REPLACE FUNCTION rs_internal.superuser_only(relation text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, rs_internal, pg_temp AS $$
BEGIN
    IF NOT pg_has_role(current_user, 'rs_superuser', 'member') THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('permission denied for relation %s', relation);
    END IF;
    RETURN true;
END
$$;

-- Whether the one who asks has any right on a relation.
CREATE OR REPLACE FUNCTION rs_internal.may_see(relation oid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN rs_internal.is_superuser() OR has_table_privilege(current_user, relation, 'SELECT, INSERT, UPDATE, DELETE, REFERENCES');

-- The n-th piece of a text, counted from 0, cut at a length in bytes; a character beyond ASCII is shown as a question mark.
CREATE OR REPLACE FUNCTION rs_internal.cut_bytes(value text, piece integer, length integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(value) = char_length(value) THEN substring(value FROM piece * length + 1 FOR length)
    ELSE substring(regexp_replace(value, '[^ -~\s]', '?', 'g') FROM piece * length + 1 FOR length) END;
