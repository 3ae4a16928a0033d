-- What views are made of: a view and its rule depend on each other, the rule on what the view reads. Late-binding views depend on nothing. Redshift.
-- https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_TABLE.html
-- Columns: view_oid, relation_oid
SELECT DISTINCT own.refobjid, other.refobjid
  FROM pg_depend own
  JOIN pg_depend other ON other.objid = own.objid
 WHERE own.deptype = 'i' AND other.deptype = 'n' AND own.refobjid <> other.refobjid
