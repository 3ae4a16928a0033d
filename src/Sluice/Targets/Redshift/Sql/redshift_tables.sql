-- The tables of a schema, and what the session may do with them. Redshift.
-- Parameters: :'schema' (as data, never quoted).
-- Columns: oid, name, owner, may_insert, may_select
SELECT c.oid, c.relname, pg_get_userbyid(c.relowner),
       has_table_privilege(quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'insert'),
       has_table_privilege(quote_ident(n.nspname) || '.' || quote_ident(c.relname), 'select')
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname = :'schema'
