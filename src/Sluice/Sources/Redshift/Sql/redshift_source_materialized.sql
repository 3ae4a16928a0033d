-- Materialized views. Redshift: each is a view over a table of its own.
-- Columns: schema, name
SELECT schema_name, name
  FROM svv_mv_info
 ORDER BY 1, 2
