-- Foreign keys: those that refer to a table go with it. Redshift.
-- Columns: name, table_oid, referenced_oid
SELECT conname, conrelid, confrelid FROM pg_constraint WHERE contype = 'f'
