-- The columns of users' tables and views, in order. Redshift: an identity shows in its default; late-binding views have none here.
-- Columns: table, name, type, not_null, is_distkey, sortkey (negative ones too: interleaved), encoding, default_sql, number
SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attisdistkey, a.attsortkeyord, format_encoding(a.attencodingtype::integer), d.adsrc, a.attnum
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE c.relkind IN ('r', 'v') AND substring(n.nspname, 1, 3) <> 'pg_' AND n.nspname NOT IN ('information_schema', 'catalog_history')
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attrelid, a.attnum
