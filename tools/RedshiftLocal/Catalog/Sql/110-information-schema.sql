-- information_schema as of 8.0, in rs_information_schema: what the user has rights on, byte lengths, `public` not among the schemata.
-- Gives: tables, columns, views, schemata, table_constraints, key_column_usage, constraint_column_usage, referential_constraints,
-- table_privileges, enabled_roles, information_schema_catalog_name, and routines and check_constraints, which are empty.

CREATE OR REPLACE VIEW rs_information_schema.information_schema_catalog_name AS
SELECT current_database()::character varying AS catalog_name;

CREATE OR REPLACE VIEW rs_information_schema.tables AS
SELECT t.database_name AS table_catalog, t.schema::character varying AS table_schema, t.relname::character varying AS table_name,
    CASE t.kind WHEN 'SYSTEM TABLE' THEN 'BASE TABLE' ELSE t.kind END::character varying AS table_type, NULL::character varying AS self_referencing_column_name,
    NULL::character varying AS reference_generation, NULL::character varying AS user_defined_type_catalog, NULL::character varying AS user_defined_type_schema,
    NULL::character varying AS user_defined_name
FROM rs_internal.shown_tables AS t;

CREATE OR REPLACE VIEW rs_information_schema.columns AS
SELECT c.table_catalog, c.table_schema, c.table_name, c.column_name, c.ordinal_position, c.column_default, c.is_nullable, c.data_type, c.character_maximum_length,
    c.character_maximum_length AS character_octet_length, c.numeric_precision, c.numeric_precision_radix, c.numeric_scale, c.datetime_precision,
    NULL::character varying AS interval_type, NULL::character varying AS interval_precision, NULL::character varying AS character_set_catalog,
    NULL::character varying AS character_set_schema, NULL::character varying AS character_set_name, NULL::character varying AS collation_catalog,
    NULL::character varying AS collation_schema, NULL::character varying AS collation_name, NULL::character varying AS domain_catalog,
    NULL::character varying AS domain_schema, NULL::character varying AS domain_name, c.table_catalog AS udt_catalog, 'pg_catalog'::character varying AS udt_schema,
    c.udt_name, NULL::character varying AS scope_catalog, NULL::character varying AS scope_schema, NULL::character varying AS scope_name,
    NULL::integer AS maximum_cardinality, c.ordinal_position::character varying AS dtd_identifier, 'NO'::character varying AS is_self_referencing
FROM rs_internal.described_columns AS c;

CREATE OR REPLACE VIEW rs_information_schema.views AS
SELECT t.database_name AS table_catalog, t.schema::character varying AS table_schema, t.relname::character varying AS table_name,
    CASE WHEN NOT t.is_system AND pg_has_role(current_user, t.real_owner, 'usage') THEN pg_get_viewdef(t.oid) END::character varying AS view_definition,
    'NONE'::character varying AS check_option, NULL::character varying AS is_updatable, NULL::character varying AS is_insertable_into
FROM rs_internal.shown_tables AS t
WHERE t.relkind = 'v';

-- Schemas of the user's own, or all for a superuser; public is rdsdb's.
CREATE OR REPLACE VIEW rs_information_schema.schemata AS
SELECT current_database()::character varying AS catalog_name, n.nspname::character varying AS schema_name, pg_get_userbyid(n.nspowner)::character varying AS schema_owner,
    NULL::character varying AS default_character_set_catalog, NULL::character varying AS default_character_set_schema,
    NULL::character varying AS default_character_set_name, NULL::character varying AS sql_path
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname NOT IN ('public', 'pg_catalog', 'information_schema', 'rs_catalog', 'rs_information_schema', 'rs_internal') AND n.nspname !~ '^pg_'
    AND (rs_internal.is_superuser() OR pg_has_role(current_user, n.nspowner, 'usage'));

CREATE OR REPLACE VIEW rs_internal.shown_constraints AS
SELECT current_database()::character varying AS catalog, r.schema::character varying AS schema, r.relname::character varying AS table_name,
    c.name::character varying AS name, c.kind, c.relid, c.columns, c.ref_relid, c.ref_columns
FROM rs_internal.constraints AS c
JOIN rs_internal.relations AS r ON r.oid = c.relid
WHERE rs_internal.may_see(r.oid)
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = c.relid AND a.attnum = ANY (c.columns) AND a.attisdropped);

CREATE OR REPLACE VIEW rs_information_schema.table_constraints AS
SELECT c.catalog AS constraint_catalog, c.schema AS constraint_schema, c.name AS constraint_name, c.catalog AS table_catalog, c.schema AS table_schema, c.table_name,
    CASE c.kind WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END::character varying AS constraint_type,
    'NO'::character varying AS is_deferrable, 'NO'::character varying AS initially_deferred
FROM rs_internal.shown_constraints AS c;

CREATE OR REPLACE VIEW rs_information_schema.key_column_usage AS
SELECT c.catalog AS constraint_catalog, c.schema AS constraint_schema, c.name AS constraint_name, c.catalog AS table_catalog, c.schema AS table_schema, c.table_name,
    a.attname::character varying AS column_name, k.place::integer AS ordinal_position
FROM rs_internal.shown_constraints AS c
CROSS JOIN LATERAL unnest(c.columns) WITH ORDINALITY AS k (attnum, place)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.relid AND a.attnum = k.attnum;

CREATE OR REPLACE VIEW rs_information_schema.constraint_column_usage AS
SELECT c.catalog AS table_catalog, r.schema::character varying AS table_schema, r.relname::character varying AS table_name, a.attname::character varying AS column_name,
    c.catalog AS constraint_catalog, c.schema AS constraint_schema, c.name AS constraint_name
FROM rs_internal.shown_constraints AS c
JOIN rs_internal.relations AS r ON r.oid = CASE c.kind WHEN 'f' THEN c.ref_relid ELSE c.relid END
CROSS JOIN LATERAL unnest(CASE c.kind WHEN 'f' THEN c.ref_columns ELSE c.columns END) AS k (attnum)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = k.attnum;

CREATE OR REPLACE VIEW rs_information_schema.referential_constraints AS
SELECT c.catalog AS constraint_catalog, c.schema AS constraint_schema, c.name AS constraint_name, c.catalog AS unique_constraint_catalog,
    r.schema::character varying AS unique_constraint_schema, u.name::character varying AS unique_constraint_name, 'NONE'::character varying AS match_option,
    'NO ACTION'::character varying AS update_rule, 'NO ACTION'::character varying AS delete_rule
FROM rs_internal.shown_constraints AS c
JOIN rs_internal.relations AS r ON r.oid = c.ref_relid
LEFT JOIN rs_internal.constraints AS u ON u.relid = c.ref_relid AND u.kind IN ('p', 'u') AND u.columns @> c.ref_columns AND u.columns <@ c.ref_columns
WHERE c.kind = 'f';

CREATE OR REPLACE VIEW rs_information_schema.table_privileges AS
SELECT pg_get_userbyid(p.grantor)::character varying AS grantor, CASE p.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(p.grantee) END::character varying AS grantee,
    t.database_name AS table_catalog, t.schema::character varying AS table_schema, t.relname::character varying AS table_name,
    p.privilege_type::character varying AS privilege_type, CASE WHEN p.is_grantable THEN 'YES' ELSE 'NO' END::character varying AS is_grantable,
    'NO'::character varying AS with_hierarchy
FROM rs_internal.shown_tables AS t
JOIN pg_catalog.pg_class AS c ON c.oid = t.oid
CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) AS p
WHERE NOT t.is_system AND (p.grantee = 0 OR pg_get_userbyid(p.grantee) <> 'rs_superuser')
    AND (p.grantee = 0 OR pg_has_role(current_user, p.grantee, 'usage') OR pg_has_role(current_user, p.grantor, 'usage') OR rs_internal.is_superuser())
    AND p.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REFERENCES');

CREATE OR REPLACE VIEW rs_information_schema.enabled_roles AS
SELECT g.groname::character varying AS role_name FROM rs_catalog.pg_group AS g WHERE rs_internal.user_id() = ANY (g.grolist);

CREATE OR REPLACE VIEW rs_information_schema.routines AS
SELECT NULL::character varying AS specific_catalog, NULL::character varying AS specific_schema, NULL::character varying AS specific_name,
    NULL::character varying AS routine_catalog, NULL::character varying AS routine_schema, NULL::character varying AS routine_name, NULL::character varying AS routine_type
WHERE false;

CREATE OR REPLACE VIEW rs_information_schema.check_constraints AS
SELECT NULL::character varying AS constraint_catalog, NULL::character varying AS constraint_schema, NULL::character varying AS constraint_name,
    NULL::character varying AS check_clause
WHERE false;
