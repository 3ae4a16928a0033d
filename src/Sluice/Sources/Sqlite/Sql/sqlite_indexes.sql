-- SQLite 3.16 and later. The parts of all indexes.
-- table, index, is unique, origin (c, u, pk), part, column (null for an expression), is descending, collation
SELECT s.name, i.name, i."unique", i.origin, x.seqno, CASE WHEN x.cid >= 0 THEN x.name END, x."desc", x.coll
  FROM main.sqlite_schema AS s
  JOIN pragma_index_list(s.name, 'main') AS i
  JOIN pragma_index_xinfo(i.name, 'main') AS x
 WHERE s.type = 'table' AND x.key = 1
 ORDER BY s.rowid, i.seq DESC, x.seqno
