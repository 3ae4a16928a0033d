-- The columns of a table in order. Redshift: an identity shows in its default.
-- Parameters: :'oid' of the table.
-- Columns: name, type, type_oid, type_modifier, not_null, default_sql
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.atttypid, a.atttypmod, a.attnotnull, d.adsrc
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE a.attrelid = :'oid' AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
