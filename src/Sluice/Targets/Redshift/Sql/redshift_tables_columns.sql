-- The columns of all tables of a schema in order. Redshift: an identity shows in its default.
-- Parameters: :'schema' (as data, never quoted).
-- Columns: name, type, type_oid, type_modifier, not_null, default_sql, table_oid
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.atttypid, a.atttypmod, a.attnotnull, d.adsrc, a.attrelid
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE c.relkind = 'r' AND n.nspname = :'schema' AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attrelid, a.attnum
