-- Sizes of tables, for whoever may see them. Redshift: empty tables are left out.
-- Columns: oid, megabytes, rows
SELECT table_id, size, tbl_rows
  FROM svv_table_info
