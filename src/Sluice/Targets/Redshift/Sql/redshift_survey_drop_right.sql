-- Whether the session may drop a table that is not its own. Redshift.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_HAS_TABLE_PRIVILEGE.html
-- Parameters: :'table' (as in SQL, quoted where needed).
-- Columns: may_drop
SELECT has_table_privilege(:'table', 'drop')
