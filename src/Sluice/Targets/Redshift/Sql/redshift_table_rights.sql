-- What the session may do with a table. Redshift.
-- Parameters: :'table' (as in SQL, quoted where needed).
-- Columns: may_insert, may_select
SELECT has_table_privilege(:'table', 'insert'), has_table_privilege(:'table', 'select')
