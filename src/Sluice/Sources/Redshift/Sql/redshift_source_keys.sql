-- Primary, unique and foreign keys; columns are numbers in braces. Redshift.
-- Columns: table, name, kind, columns, referenced_table, referenced_columns
SELECT k.conrelid, k.conname, k.contype, k.conkey, k.confrelid, k.confkey
  FROM pg_constraint k
 WHERE k.contype IN ('p', 'u', 'f')
 ORDER BY k.conrelid, k.conname
