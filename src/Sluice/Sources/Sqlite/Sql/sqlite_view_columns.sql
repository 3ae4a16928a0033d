-- SQLite 3.26 and later. Parameters: $name, a view.
-- name, declared type (that of the column it shows, if it shows one)
SELECT x.name, x.type FROM pragma_table_xinfo($name, 'main') AS x ORDER BY x.cid
