-- What CREATE TABLE and ALTER TABLE say beyond PostgreSQL's words: checked against the catalog and kept in the side tables.
-- Gives: rs_internal.ddl(text), called after the forwarded statement in the same transaction, and rs_internal.table_columns(regclass) for COPY.

-- Called by a CHECK constraint that a value has failed: byte lengths are Redshift's, PostgreSQL counts characters.
-- Volatile, or it would be called when the constraint is planned.
CREATE OR REPLACE FUNCTION rs_internal.too_long(type text) RETURNS boolean LANGUAGE plpgsql VOLATILE PARALLEL SAFE AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = 'value too long for type ' || type;
END
$$;

-- CHECK constraints that hold VARCHAR(n) to n bytes and CHAR(n) to ASCII; COPY passes them too. They cost no trigger, and follow renames and drops.
CREATE OR REPLACE FUNCTION rs_internal.make_checks(relation oid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old record;
    col record;
    work text := '';
BEGIN
    FOR old IN
        SELECT conname FROM pg_constraint WHERE conrelid = relation AND contype = 'c' AND conname LIKE 'rs!_bytes!_%' ESCAPE '!'
    LOOP
        work := work || format(', DROP CONSTRAINT %I', old.conname);
    END LOOP;
    FOR col IN
        SELECT attname, attnum, atttypid, atttypmod - 4 AS length FROM pg_attribute
        WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped AND atttypid IN (1042, 1043) AND atttypmod > 4
    LOOP
        work := work || format(', ADD CONSTRAINT %I CHECK ((octet_length(%I) > %s) IS NOT TRUE OR rs_internal.too_long(%L)) NOT VALID',
            'rs_bytes_' || col.attnum, col.attname, col.length, format_type(col.atttypid, col.length + 4));
    END LOOP;
    IF work <> '' THEN
        EXECUTE format('ALTER TABLE %s %s', relation::regclass, substr(work, 2));
    END IF;
    PERFORM rs_internal.make_super_trigger(relation);
END
$$;

-- Text that looks like an object or an array becomes a string in a SUPER column unless JSON_PARSE made it; the input function cannot know.
CREATE OR REPLACE FUNCTION rs_internal.super_literals() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    row_values json := to_json(new);
    changed jsonb := '{}';
    column_name text;
BEGIN
    IF current_query() ~* '(^|[^a-z_])(json_parse|select|update|merge)[^a-z_]' THEN
        RETURN new;
    END IF;
    FOREACH column_name IN ARRAY tg_argv LOOP
        IF ltrim(row_values ->> column_name, E' \t\n\r') ~ '^[{[]' THEN
            changed := changed || jsonb_build_object(column_name, to_json(row_values ->> column_name)::text);
        END IF;
    END LOOP;
    IF changed <> '{}' THEN
        new := jsonb_populate_record(new, changed);
    END IF;
    RETURN new;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.make_super_trigger(relation oid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    names text;
BEGIN
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = relation AND tgname = 'rs_super_literals') THEN
        EXECUTE format('DROP TRIGGER rs_super_literals ON %s', relation::regclass);
    END IF;
    SELECT string_agg(quote_literal(attname), ', ' ORDER BY attnum) INTO names FROM pg_attribute
    WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped AND atttypid = 'rs_catalog.super'::regtype;
    IF names IS NOT NULL THEN
        EXECUTE format('CREATE TRIGGER rs_super_literals BEFORE INSERT ON %s FOR EACH ROW '
            'WHEN (current_setting(''redshift_local.copying'', true) IS DISTINCT FROM ''on'') EXECUTE FUNCTION rs_internal.super_literals(%s)',
            relation::regclass, names);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.fail(state text, message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = state, MESSAGE = message;
END
$$;

-- The attnum of a column, or an error with Redshift's words.
CREATE OR REPLACE FUNCTION rs_internal.column_number(relation oid, column_name text, clause text) RETURNS smallint LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    number smallint;
BEGIN
    SELECT attnum INTO number FROM pg_attribute WHERE attrelid = relation AND attname = column_name AND attnum > 0 AND NOT attisdropped;
    IF number IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '42703', MESSAGE = format('column "%s" named in %s does not exist', column_name, clause);
    END IF;
    RETURN number;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.column_numbers(relation oid, names jsonb, clause text) RETURNS smallint[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    numbers smallint[] := '{}';
    number smallint;
    name text;
BEGIN
    FOR name IN SELECT value FROM jsonb_array_elements_text(coalesce(nullif(names, 'null'), '[]')) WITH ORDINALITY ORDER BY ordinality LOOP
        number := rs_internal.column_number(relation, name, clause);
        IF number = ANY (numbers) THEN
            RAISE EXCEPTION USING ERRCODE = '42701', MESSAGE = format('column "%s" appears twice in %s', name, clause);
        END IF;
        numbers := numbers || number;
    END LOOP;
    RETURN numbers;
END
$$;

-- Which encodings a type takes (AWS: compression encodings, supported data types).
CREATE OR REPLACE FUNCTION rs_internal.takes_encode(type oid, encode text) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN CASE encode
    WHEN 'raw' THEN true
    WHEN 'none' THEN true
    WHEN 'zstd' THEN true
    WHEN 'az64' THEN type IN (21::oid, 23::oid, 20::oid, 1700::oid, 1082::oid, 1083::oid, 1266::oid, 1114::oid, 1184::oid)
    WHEN 'bytedict' THEN type IN (21::oid, 23::oid, 20::oid, 1700::oid, 700::oid, 701::oid, 1042::oid, 1043::oid, 1082::oid, 1114::oid, 1184::oid)
    WHEN 'delta' THEN type IN (21::oid, 23::oid, 20::oid, 1700::oid, 1082::oid, 1114::oid, 1184::oid)
    WHEN 'delta32k' THEN type IN (23::oid, 20::oid, 1700::oid, 1082::oid, 1114::oid, 1184::oid)
    WHEN 'lzo' THEN type NOT IN (16::oid, 700::oid, 701::oid)
    WHEN 'mostly8' THEN type IN (21::oid, 23::oid, 20::oid, 1700::oid)
    WHEN 'mostly16' THEN type IN (23::oid, 20::oid, 1700::oid)
    WHEN 'mostly32' THEN type IN (20::oid, 1700::oid)
    WHEN 'runlength' THEN type NOT IN ('rs_catalog.super'::regtype::oid, 'rs_catalog.varbyte'::regtype::oid, 1083::oid, 1266::oid)
    WHEN 'text255' THEN type = 1043::oid
    WHEN 'text32k' THEN type = 1043::oid
    ELSE false
END;

-- VARBYTE(n) may have been forwarded without its n.
CREATE OR REPLACE FUNCTION rs_internal.set_varbyte_length(relation oid, item jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    length text := substring(item ->> 'type' FROM '^varbyte[(]([0-9]+)[)]$');
BEGIN
    IF length IS NOT NULL AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = relation AND attname = item ->> 'name'
        AND atttypid = 'rs_catalog.varbyte'::regtype AND atttypmod <> length::integer) THEN
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE rs_catalog.varbyte(%s)', relation::regclass, item ->> 'name', length);
    END IF;
END
$$;

-- Keeps ENCODE, IDENTITY and COLLATE of the columns named in the statement.
CREATE OR REPLACE FUNCTION rs_internal.keep_columns(relation oid, spec jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, rs_internal, pg_temp AS $$
DECLARE
    item jsonb;
    number smallint;
    type oid;
    encoding text;
    compressed text;
BEGIN
    FOR item IN SELECT value FROM jsonb_array_elements(coalesce(nullif(spec -> 'columns', 'null'), '[]')) LOOP
        number := rs_internal.column_number(relation, item ->> 'name', 'the statement');
        SELECT atttypid INTO type FROM pg_attribute WHERE attrelid = relation AND attnum = number;
        encoding := lower(item ->> 'encode');
        encoding := CASE encoding WHEN 'raw' THEN 'none' WHEN 'auto' THEN NULL ELSE encoding END;
        IF encoding IS NOT NULL AND rs_internal.encoding_code(encoding) IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = '42601', MESSAGE = format('unknown compression encoding "%s" for column "%s"', encoding, item ->> 'name');
        ELSIF encoding IS NOT NULL AND NOT rs_internal.takes_encode(type, encoding) THEN
            RAISE EXCEPTION USING ERRCODE = '42P16', MESSAGE = format('invalid encoding type specified for column "%s"', item ->> 'name');
        END IF;
        PERFORM rs_internal.set_varbyte_length(relation, item);
        IF encoding IS NOT NULL OR item ->> 'collate' IS NOT NULL THEN
            INSERT INTO rs_internal.columns AS k VALUES (relation, number, encoding, item ->> 'collate')
            ON CONFLICT (relid, attnum) DO UPDATE SET encode = coalesce(excluded.encode, k.encode), collation_name = coalesce(excluded.collation_name, k.collation_name);
        END IF;
        IF jsonb_typeof(item -> 'identity') = 'object' THEN
            IF type NOT IN (23, 20) THEN
                RAISE EXCEPTION USING ERRCODE = '42P16', MESSAGE = format('identity column "%s" must be of type integer or bigint', item ->> 'name');
            END IF;
            INSERT INTO rs_internal.identity_columns VALUES (relation, number, item #> '{identity,always}' = 'true',
                coalesce((item #>> '{identity,seed}')::bigint, 1), coalesce((item #>> '{identity,step}')::bigint, 1))
            ON CONFLICT (relid, attnum) DO UPDATE SET always = excluded.always, seed = excluded.seed, step = excluded.step;
        END IF;
    END LOOP;
END
$$;

-- DISTSTYLE and DISTKEY, as checked values: the style and the column's number.
CREATE OR REPLACE FUNCTION rs_internal.check_key_type(relation oid, number smallint, clause text) RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    col record;
BEGIN
    SELECT attname, atttypid INTO col FROM pg_attribute WHERE attrelid = relation AND attnum = number;
    IF col.atttypid IN ('rs_catalog.super'::regtype, 'rs_catalog.varbyte'::regtype) THEN
        RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format('column "%s" of type %s cannot be used as %s', col.attname, rs_internal.type_words(col.atttypid), clause);
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.keep_diststyle(relation oid, spec jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    style text := upper(spec ->> 'diststyle');
    key smallint;
BEGIN
    IF spec ->> 'distkey' IS NOT NULL THEN
        key := rs_internal.column_number(relation, spec ->> 'distkey', 'DISTKEY');
        PERFORM rs_internal.check_key_type(relation, key, 'DISTKEY');
        IF coalesce(style, 'KEY') NOT IN ('KEY', 'AUTO') THEN
            RAISE EXCEPTION USING ERRCODE = '42601', MESSAGE = format('cannot specify DISTKEY with DISTSTYLE %s', style);
        END IF;
        style := 'KEY';
    ELSIF style = 'KEY' THEN
        RAISE EXCEPTION USING ERRCODE = '42601', MESSAGE = 'must specify DISTKEY with DISTSTYLE KEY';
    END IF;
    UPDATE rs_internal.tables SET diststyle = coalesce(style, 'AUTO'), distkey = key WHERE relid = relation;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.keep_sortkey(relation oid, spec jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    style text := upper(spec ->> 'sortstyle');
    numbers smallint[] := rs_internal.column_numbers(relation, spec -> 'sortkey', 'SORTKEY');
    most integer := CASE upper(spec ->> 'sortstyle') WHEN 'INTERLEAVED' THEN 8 ELSE 400 END;
    number smallint;
BEGIN
    IF cardinality(numbers) > most THEN
        RAISE EXCEPTION USING ERRCODE = '54011', MESSAGE = format('cannot have more than %s columns in %s sort key', most, lower(coalesce(style, 'COMPOUND')));
    END IF;
    FOREACH number IN ARRAY numbers LOOP
        PERFORM rs_internal.check_key_type(relation, number, 'SORTKEY');
    END LOOP;
    UPDATE rs_internal.tables
    SET sortkey = numbers, sortstyle = CASE WHEN cardinality(numbers) > 0 THEN coalesce(style, 'COMPOUND') ELSE coalesce(style, 'AUTO') END
    WHERE relid = relation;
END
$$;

-- PRIMARY KEY, UNIQUE and FOREIGN KEY: kept, shown, not enforced.
CREATE OR REPLACE FUNCTION rs_internal.keep_constraint(relation oid, item jsonb, creating boolean) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    table_name name := (SELECT relname FROM pg_class WHERE oid = relation);
    numbers smallint[] := rs_internal.column_numbers(relation, item -> 'columns', 'key');
    kind "char" := item ->> 'kind';
    constraint_name name := item ->> 'name';
    target oid := 0;
    target_numbers smallint[];
    col record;
    stem text;
    attempt integer := 0;
BEGIN
    FOR col IN SELECT attname, attnum, attnotnull, atttypid FROM pg_attribute WHERE attrelid = relation AND attnum = ANY (numbers) LOOP
        IF kind IN ('p', 'u') AND col.atttypid IN ('rs_catalog.super'::regtype, 'rs_catalog.varbyte'::regtype) THEN
            RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format('column "%s" of type %s cannot be used in a key', col.attname, rs_internal.type_words(col.atttypid));
        ELSIF kind = 'p' AND NOT col.attnotnull THEN
            IF NOT creating THEN
                RAISE EXCEPTION USING ERRCODE = '42P16', MESSAGE = format('column "%s" is nullable: a primary key takes columns declared NOT NULL only', col.attname);
            END IF;
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', relation::regclass, col.attname);
        END IF;
    END LOOP;
    IF kind = 'p' AND EXISTS (SELECT FROM rs_internal.constraints AS c WHERE c.relid = relation AND c.kind = 'p') THEN
        RAISE EXCEPTION USING ERRCODE = '42P16', MESSAGE = format('multiple primary keys for table "%s" are not allowed', table_name);
    END IF;
    IF kind = 'f' THEN
        target := (item ->> 'ref_oid')::oid;
        IF target IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = '42P01', MESSAGE = format('relation "%s" does not exist', concat_ws('.', item ->> 'ref_schema', item ->> 'ref_table'));
        END IF;
        target_numbers := rs_internal.column_numbers(target, item -> 'ref_columns', 'foreign key constraint');
        IF cardinality(target_numbers) = 0 THEN
            SELECT c.columns INTO target_numbers FROM rs_internal.constraints AS c WHERE c.relid = target AND c.kind = 'p';
            IF target_numbers IS NULL THEN
                RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = format('there is no primary key for referenced table "%s"', item ->> 'ref_table');
            END IF;
        ELSIF NOT EXISTS (SELECT FROM rs_internal.constraints AS c WHERE c.relid = target AND c.kind IN ('p', 'u')
            AND c.columns @> target_numbers AND c.columns <@ target_numbers) THEN
            RAISE EXCEPTION USING ERRCODE = '42830', MESSAGE = format('there is no unique constraint matching given keys for referenced table "%s"', item ->> 'ref_table');
        END IF;
        IF cardinality(numbers) <> cardinality(target_numbers) THEN
            RAISE EXCEPTION USING ERRCODE = '42830', MESSAGE = 'number of referencing and referenced columns for foreign key disagree';
        END IF;
    END IF;
    IF constraint_name IS NULL THEN
        stem := CASE kind
            WHEN 'p' THEN table_name || '_pkey'
            ELSE concat_ws('_', table_name, (SELECT attname FROM pg_attribute WHERE attrelid = relation AND attnum = numbers[1]), CASE kind WHEN 'u' THEN 'key' ELSE 'fkey' END)
        END;
        constraint_name := stem;
        WHILE EXISTS (SELECT FROM rs_internal.constraints AS c WHERE c.relid = relation AND c.name = constraint_name) LOOP
            attempt := attempt + 1;
            constraint_name := stem || attempt;
        END LOOP;
    ELSIF EXISTS (SELECT FROM rs_internal.constraints AS c WHERE c.relid = relation AND c.name = constraint_name) THEN
        RAISE EXCEPTION USING ERRCODE = '42710', MESSAGE = format('constraint "%s" for relation "%s" already exists', constraint_name, table_name);
    END IF;
    INSERT INTO rs_internal.constraints (relid, name, kind, columns, ref_relid, ref_columns)
    VALUES (relation, constraint_name, kind, numbers, target, target_numbers);
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.drop_constraint(relation oid, item jsonb) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    old rs_internal.constraints;
BEGIN
    SELECT * INTO old FROM rs_internal.constraints AS c WHERE c.relid = relation AND c.name = item ->> 'name';
    IF old.id IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = format('constraint "%s" does not exist', item ->> 'name');
    END IF;
    IF old.kind IN ('p', 'u') AND EXISTS (SELECT FROM rs_internal.constraints AS c WHERE c.ref_relid = relation AND c.ref_columns = old.columns) THEN
        IF NOT coalesce(item -> 'cascade' = 'true', false) THEN
            RAISE EXCEPTION USING ERRCODE = '2BP01', MESSAGE = format('cannot drop constraint %s on table %s because other objects depend on it', old.name,
                (SELECT relname FROM pg_class WHERE oid = relation));
        END IF;
        DELETE FROM rs_internal.constraints AS c WHERE c.ref_relid = relation AND c.ref_columns = old.columns;
    END IF;
    DELETE FROM rs_internal.constraints WHERE id = old.id;
END
$$;

-- PostgreSQL makes columns that Redshift cannot have out of a query: they get the nearest type, or the statement fails.
CREATE OR REPLACE FUNCTION rs_internal.settle_types(relation oid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    col record;
    bytes integer;
    scale integer;
BEGIN
    FOR col IN
        SELECT attname, atttypid, atttypmod FROM pg_attribute WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped ORDER BY attnum
    LOOP
        IF col.atttypid IN (25, 1043) AND col.atttypmod < 0 THEN
            EXECUTE format('SELECT coalesce(max(octet_length(%I)), 0) FROM %s', col.attname, relation::regclass) INTO bytes;
            IF bytes > 65535 THEN
                RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = 'value too long for type character varying(65535)';
            END IF;
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE character varying(%s)', relation::regclass, col.attname, CASE WHEN bytes <= 256 THEN 256 ELSE 65535 END);
        ELSIF col.atttypid = 1042 AND col.atttypmod < 0 THEN
            EXECUTE format('SELECT greatest(1, coalesce(max(octet_length(%I)), 1)) FROM %s', col.attname, relation::regclass) INTO bytes;
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE character(%s)', relation::regclass, col.attname, bytes);
        ELSIF col.atttypid = 1700 AND col.atttypmod < 0 THEN
            EXECUTE format('SELECT least(37, coalesce(max(scale(%I)), 0)) FROM %s', col.attname, relation::regclass) INTO scale;
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE numeric(38, %s)', relation::regclass, col.attname, scale);
        ELSIF col.atttypid = 'rs_catalog.varbyte'::regtype AND col.atttypmod < 0 THEN
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE rs_catalog.varbyte(64000)', relation::regclass, col.attname);
        ELSIF col.atttypid NOT IN (16, 20, 21, 23, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1266, 1700, 'rs_catalog.super'::regtype, 'rs_catalog.varbyte'::regtype) THEN
            RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format('Column "%s.%s" has unsupported type "%s".',
                (SELECT relname FROM pg_class WHERE oid = relation), col.attname, format_type(col.atttypid, NULL));
        END IF;
    END LOOP;
END
$$;

-- Rows of relations and columns that are gone. One transaction at a time does this, and one that cannot leaves it to the next: nobody waits, nobody fails.
CREATE OR REPLACE FUNCTION rs_internal.clean_up() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(8003) THEN
        RETURN;
    END IF;
    DELETE FROM rs_internal.columns AS k WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = k.relid AND a.attnum = k.attnum AND NOT a.attisdropped);
    DELETE FROM rs_internal.identity_columns AS k WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = k.relid AND a.attnum = k.attnum AND NOT a.attisdropped);
    DELETE FROM rs_internal.constraints AS k WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = k.relid)
        OR k.ref_relid <> 0 AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = k.ref_relid)
        OR EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = k.relid AND a.attnum = ANY (k.columns) AND a.attisdropped);
    DELETE FROM rs_internal.tables AS k WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = k.relid);
    DELETE FROM rs_internal.late_views AS k WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = k.relid);
EXCEPTION
    WHEN serialization_failure OR deadlock_detected THEN NULL;
END
$$;

-- LIKE takes over the key columns and encodings of the table it names, its keys and identities not.
CREATE OR REPLACE FUNCTION rs_internal.keep_like(relation oid, parent oid) RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    UPDATE rs_internal.tables AS t
    SET diststyle = p.diststyle, sortstyle = p.sortstyle, encode_auto = p.encode_auto,
        distkey = (SELECT a.attnum FROM pg_attribute AS b JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = b.attname
            WHERE b.attrelid = parent AND b.attnum = p.distkey),
        sortkey = ARRAY(SELECT a.attnum FROM unnest(p.sortkey) WITH ORDINALITY AS s (attnum, place)
            JOIN pg_attribute AS b ON b.attrelid = parent AND b.attnum = s.attnum
            JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = b.attname ORDER BY s.place)
    FROM rs_internal.tables AS p
    WHERE t.relid = relation AND p.relid = parent;
    INSERT INTO rs_internal.columns
    SELECT relation, a.attnum, k.encode, k.collation_name FROM rs_internal.columns AS k
    JOIN pg_attribute AS b ON b.attrelid = k.relid AND b.attnum = k.attnum
    JOIN pg_attribute AS a ON a.attrelid = relation AND a.attname = b.attname
    WHERE k.relid = parent
    ON CONFLICT DO NOTHING;
$$;

CREATE OR REPLACE FUNCTION rs_internal.create_table(relation oid, spec jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    item jsonb;
BEGIN
    IF coalesce(spec -> 'if_not_exists' = 'true', false) AND EXISTS (SELECT FROM rs_internal.tables WHERE relid = relation) THEN
        RETURN;
    END IF;
    PERFORM rs_internal.clean_up();
    IF spec ->> 'action' = 'create_table_as' THEN
        PERFORM rs_internal.settle_types(relation);
    END IF;
    INSERT INTO rs_internal.tables (relid, diststyle, backup, encode_auto)
    VALUES (relation, 'AUTO', coalesce(spec -> 'backup' <> 'false', true),
        NOT jsonb_path_exists(spec, '$.columns[*].encode ? (@ != null)'));
    IF spec ->> 'like_oid' IS NOT NULL THEN
        PERFORM rs_internal.keep_like(relation, (spec ->> 'like_oid')::oid);
    END IF;
    PERFORM rs_internal.keep_columns(relation, spec);
    IF spec ->> 'like_oid' IS NULL OR spec ->> 'distkey' IS NOT NULL THEN
        PERFORM rs_internal.keep_diststyle(relation, spec);
    END IF;
    IF spec ->> 'like_oid' IS NULL OR jsonb_path_exists(spec, '$.sortkey[*]') THEN
        PERFORM rs_internal.keep_sortkey(relation, spec);
    END IF;
    FOR item IN SELECT value FROM jsonb_array_elements(coalesce(nullif(spec -> 'constraints', 'null'), '[]')) LOOP
        PERFORM rs_internal.keep_constraint(relation, item, true);
    END LOOP;
    PERFORM rs_internal.make_checks(relation);
END
$$;

-- ALTER COLUMN TYPE has been run; what Redshift would have refused is refused now, and the statement is rolled back.
CREATE OR REPLACE FUNCTION rs_internal.alter_type(relation oid, spec jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    item jsonb;
    col record;
    encoding text;
    longest integer;
BEGIN
    FOR item IN SELECT value FROM jsonb_array_elements(spec -> 'columns') LOOP
        PERFORM rs_internal.set_varbyte_length(relation, item);
        SELECT attname, attnum, atttypid, atttypmod, atthasdef INTO col FROM pg_attribute
        WHERE attrelid = relation AND attnum = rs_internal.column_number(relation, item ->> 'name', 'the statement');
        encoding := (SELECT encode FROM rs_internal.columns AS k WHERE k.relid = relation AND k.attnum = col.attnum);
        IF encoding IN ('bytedict', 'runlength', 'text255', 'text32k') THEN
            RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format('cannot alter type of column "%s" with encoding %s', col.attname, encoding);
        ELSIF col.atthasdef THEN
            RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format('cannot alter type of column "%s" with a default value', col.attname);
        ELSIF EXISTS (SELECT FROM rs_internal.constraints AS c WHERE c.relid = relation AND col.attnum = ANY (c.columns)
            OR c.ref_relid = relation AND col.attnum = ANY (c.ref_columns)) THEN
            RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = format('cannot alter type of column "%s" used in a constraint', col.attname);
        END IF;
        IF col.atttypid = 1043 THEN
            EXECUTE format('SELECT max(octet_length(%I)) FROM %s', col.attname, relation::regclass) INTO longest;
            IF longest > col.atttypmod - 4 THEN
                RAISE EXCEPTION USING ERRCODE = '22001', MESSAGE = format('target data type for column "%s" is too small for its values', col.attname);
            END IF;
        END IF;
    END LOOP;
    PERFORM rs_internal.make_checks(relation);
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.alter_encode(relation oid, spec jsonb) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF jsonb_path_exists(spec, '$.columns[*]') THEN
        PERFORM rs_internal.keep_columns(relation, spec);
        UPDATE rs_internal.tables SET encode_auto = false WHERE relid = relation;
    ELSE
        UPDATE rs_internal.columns SET encode = NULL WHERE relid = relation;
        UPDATE rs_internal.tables SET encode_auto = true WHERE relid = relation;
    END IF;
END
$$;

-- Runs as the server's superuser: the caller must own the relation.
CREATE OR REPLACE FUNCTION rs_internal.ddl_apply(relation oid, spec jsonb, caller name) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    item jsonb;
BEGIN
    IF NOT pg_has_role(session_user, caller, 'member') OR NOT pg_has_role(caller, (SELECT relowner FROM pg_class WHERE oid = relation), 'usage') THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = format('must be owner of relation %s', (SELECT relname FROM pg_class WHERE oid = relation));
    END IF;
    IF spec ->> 'action' = 'keep_view' THEN
        DELETE FROM rs_internal.late_views WHERE relid = relation;
        IF spec ->> 'late' IS NOT NULL THEN
            INSERT INTO rs_internal.late_views VALUES (relation, spec ->> 'late');
        END IF;
        RETURN;
    END IF;
    IF spec ->> 'action' NOT IN ('create_table', 'create_table_as') AND NOT EXISTS (SELECT FROM rs_internal.tables WHERE relid = relation) THEN
        INSERT INTO rs_internal.tables (relid, diststyle) VALUES (relation, 'AUTO');
    END IF;
    CASE spec ->> 'action'
        WHEN 'create_table', 'create_table_as' THEN
            PERFORM rs_internal.create_table(relation, spec);
        WHEN 'add_column' THEN
            PERFORM rs_internal.keep_columns(relation, spec);
            PERFORM rs_internal.make_checks(relation);
        WHEN 'alter_type' THEN
            PERFORM rs_internal.alter_type(relation, spec);
        WHEN 'alter_encode' THEN
            PERFORM rs_internal.alter_encode(relation, spec);
        WHEN 'alter_diststyle' THEN
            PERFORM rs_internal.keep_diststyle(relation, spec);
        WHEN 'alter_sortkey' THEN
            PERFORM rs_internal.keep_sortkey(relation, spec);
        WHEN 'add_constraint' THEN
            FOR item IN SELECT value FROM jsonb_array_elements(spec -> 'constraints') LOOP
                PERFORM rs_internal.keep_constraint(relation, item, false);
            END LOOP;
        WHEN 'drop_constraint' THEN
            FOR item IN SELECT value FROM jsonb_array_elements(spec -> 'constraints') LOOP
                PERFORM rs_internal.drop_constraint(relation, item);
            END LOOP;
        ELSE
            RAISE EXCEPTION USING ERRCODE = 'XX000', MESSAGE = format('unknown action %s', spec ->> 'action');
    END CASE;
END
$$;

-- Resolves names with the caller's path, which is why it is the caller who runs it.
CREATE OR REPLACE FUNCTION rs_internal.find_relation(schema_name text, relation_name text, is_temp boolean, creating boolean) RETURNS oid LANGUAGE plpgsql STABLE AS $$
DECLARE
    found oid;
BEGIN
    IF schema_name IS NULL AND creating AND NOT is_temp THEN
        -- A temporary table of the same name would hide the new one.
        schema_name := (SELECT s FROM unnest(pg_catalog.current_schemas(false)) WITH ORDINALITY AS p (s, place)
            WHERE s NOT IN ('rs_catalog', 'rs_information_schema', 'pg_catalog') ORDER BY place LIMIT 1);
    ELSIF is_temp THEN
        schema_name := 'pg_temp';
    END IF;
    found := pg_catalog.to_regclass(pg_catalog.concat_ws('.', pg_catalog.quote_ident(schema_name), pg_catalog.quote_ident(relation_name)));
    RETURN found;
END
$$;

CREATE OR REPLACE FUNCTION rs_internal.ddl(specification text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    spec jsonb := specification;
    relation oid;
    item jsonb;
    items jsonb := '[]';
BEGIN
    IF spec ->> 'action' IN ('user_password', 'create_group', 'create_role') THEN
        PERFORM rs_internal.role_apply(spec);
        RETURN;
    END IF;
    relation := rs_internal.find_relation(spec ->> 'schema', spec ->> 'table', coalesce(spec -> 'temp' = 'true', false),
        spec ->> 'action' IN ('create_table', 'create_table_as', 'keep_view'));
    IF relation IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = '42P01', MESSAGE = pg_catalog.format('relation "%s" does not exist', pg_catalog.concat_ws('.', spec ->> 'schema', spec ->> 'table'));
    END IF;
    IF pg_catalog.jsonb_typeof(spec -> 'constraints') = 'array' THEN
        FOR item IN SELECT value FROM pg_catalog.jsonb_array_elements(spec -> 'constraints') LOOP
            IF item ->> 'ref_table' IS NOT NULL THEN
                item := item || pg_catalog.jsonb_build_object('ref_oid', rs_internal.find_relation(item ->> 'ref_schema', item ->> 'ref_table', false, false));
            END IF;
            items := items || pg_catalog.jsonb_build_array(item);
        END LOOP;
        spec := spec || pg_catalog.jsonb_build_object('constraints', items);
    END IF;
    IF pg_catalog.jsonb_typeof(spec -> 'like') = 'object' THEN
        spec := spec || pg_catalog.jsonb_build_object('like_oid', rs_internal.find_relation(spec #>> '{like,schema}', spec #>> '{like,table}', false, false));
    END IF;
    PERFORM rs_internal.ddl_apply(relation, spec, current_user);
END
$$;

-- The columns COPY loads; types in Redshift's words, without modifiers.
CREATE OR REPLACE FUNCTION rs_internal.table_columns(relation regclass)
RETURNS TABLE (ordinal integer, name text, type text, length integer, "precision" integer, scale integer, not_null boolean, has_default boolean, identity text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT row_number() OVER (ORDER BY a.attnum)::integer, a.attname::text, rs_internal.type_words(a.atttypid),
        CASE WHEN a.atttypid IN (1042, 1043) AND a.atttypmod > 4 THEN a.atttypmod - 4
            WHEN a.atttypid = 'rs_catalog.varbyte'::regtype AND a.atttypmod > 0 THEN a.atttypmod END,
        CASE WHEN a.atttypid = 1700 AND a.atttypmod > 4 THEN ((a.atttypmod - 4) >> 16) & 65535 END,
        CASE WHEN a.atttypid = 1700 AND a.atttypmod > 4 THEN (a.atttypmod - 4) & 2047 END,
        a.attnotnull, a.atthasdef, CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN coalesce((
            SELECT CASE WHEN i.always THEN 'always' ELSE 'default' END FROM rs_internal.identity_columns AS i
            WHERE i.relid = a.attrelid AND i.attnum = a.attnum), 'default') END
    FROM pg_attribute AS a
    WHERE a.attrelid = relation AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum;
$$;

-- A password as the session code keeps it: in the shape of a SCRAM verifier, which PostgreSQL stores untouched (salt, SHA-256; MD5 and a byte of flags).
CREATE OR REPLACE FUNCTION rs_internal.stored_password(method text, digest text, salt text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
RETURN CASE method
    WHEN 'md5' THEN 'SCRAM-SHA-256$4096:' || encode(decode(repeat('00', 16), 'hex'), 'base64') || '$' || encode(decode(repeat('00', 32), 'hex'), 'base64')
        || ':' || encode(decode(digest || '01' || repeat('00', 15), 'hex'), 'base64')
    WHEN 'sha256' THEN 'SCRAM-SHA-256$4096:' || replace(encode(decode(salt, 'hex'), 'base64'), chr(10), '') || '$' || encode(decode(digest, 'hex'), 'base64')
        || ':' || encode(decode(repeat('00', 16) || '02' || repeat('00', 15), 'hex'), 'base64')
END;

-- Passwords, and whether a role without login is a group or a role: that is kept as a comment, which all databases share.
CREATE OR REPLACE FUNCTION rs_internal.role_apply(spec jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    subject name := coalesce(spec ->> 'user', spec ->> 'name');
    password text := rs_internal.stored_password(spec ->> 'method', spec ->> 'digest', spec ->> 'salt');
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = subject AND rolcanlogin = (spec ->> 'action' = 'user_password') AND NOT rolsuper AND rolname <> 'rs_superuser') THEN
        RAISE EXCEPTION USING ERRCODE = '42704', MESSAGE = format('user "%s" does not exist', subject);
    ELSIF NOT pg_has_role(session_user, 'rs_superuser', 'member') AND session_user <> subject THEN
        RAISE EXCEPTION USING ERRCODE = '42501', MESSAGE = 'permission denied';
    END IF;
    IF spec ->> 'action' <> 'user_password' THEN
        EXECUTE format('COMMENT ON ROLE %I IS %L', subject, jsonb_build_object('kind', CASE spec ->> 'action' WHEN 'create_group' THEN 'group' ELSE 'role' END));
        RETURN;
    END IF;
    IF password IS NOT NULL OR spec ->> 'method' = 'disabled' THEN
        EXECUTE format('ALTER ROLE %I PASSWORD %L', subject, password);
    END IF;
    IF subject <> session_user AND NOT pg_has_role(subject, 'rs_superuser', 'member') THEN
        -- A superuser of Redshift has the rights of every ordinary user.
        EXECUTE format('GRANT %I TO rs_superuser', subject);
    END IF;
END
$$;
