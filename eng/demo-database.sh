#!/usr/bin/env bash
# demo-database.sh CSV DATABASE: makes a SQLite database of the demo's data without its spoiled rows: three tables with keys, an index, a view.
set -euo pipefail
source "$(dirname "$0")/common.sh"
csv="${1:?usage: demo-database.sh CSV DATABASE}"
database="${2:?usage: demo-database.sh CSV DATABASE}"
sqlite="$("$ROOT/eng/ensure-sqlite.sh")"
head -n -8 "$csv" >"$database.csv"
"$sqlite" "$database" >&2 <<END
CREATE TABLE raw (registry, prefix, organization, address);
.mode csv
.import --skip 1 '$database.csv' raw
CREATE TABLE Registries (code TEXT PRIMARY KEY NOT NULL, prefix_bits SMALLINT NOT NULL, title VARCHAR(40) DEFAULT 'a registry of the IEEE');
INSERT INTO Registries (code, prefix_bits) VALUES ('MA-L', 24), ('MA-M', 28), ('MA-S', 36);
CREATE TABLE Organizations (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(200) NOT NULL UNIQUE);
INSERT INTO Organizations (name) SELECT DISTINCT organization FROM raw;
CREATE TABLE Assignments (id INTEGER PRIMARY KEY, prefix CHAR(6) NOT NULL, bytes BLOB, registry TEXT NOT NULL REFERENCES Registries, organization INTEGER NOT NULL REFERENCES Organizations ON DELETE CASCADE,
    address TEXT, share NUMERIC(9,6), read_at DATETIME DEFAULT CURRENT_TIMESTAMP);
INSERT INTO Assignments (prefix, bytes, registry, organization, address, share)
    SELECT raw.prefix, CAST(raw.prefix AS BLOB), registry, o.id, nullif(trim(address), ''), round(100.0 / (raw.rowid + 7), 6) FROM raw JOIN Organizations o ON o.name = raw.organization;
CREATE INDEX Assignments_by_organization ON Assignments (organization, prefix);
CREATE VIEW Largest AS SELECT organization, count(*) AS assignments FROM Assignments GROUP BY 1 ORDER BY 2 DESC LIMIT 10;
DROP TABLE raw;
VACUUM;
END
rm "$database.csv"
say "A SQLite database of it: $("$sqlite" "$database" "SELECT count(*) FROM Assignments") assignments of $("$sqlite" "$database" "SELECT count(*) FROM Organizations") organizations, $(du -k "$database" | cut -f1) kB"
