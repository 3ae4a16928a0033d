-- Tables whose rows lie outside the cluster. Redshift.
-- Columns: schema, name
SELECT schemaname, tablename
  FROM svv_external_tables
 ORDER BY 1, 2
