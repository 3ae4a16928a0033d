#!/usr/bin/env bash
# Loads from end to end: a real file with some spoiled rows, and a SQLite database made of it, into a private PostgreSQL and into redshift-local;
# then from PostgreSQL into Redshift and back. Everything it starts it stops again.
set -euo pipefail
source "$(dirname "$0")/common.sh"
cd "$ROOT"
for program in sluice redshift-local; do
    [ -x build/$program ] || die "build/$program is missing: run 'make build' first"
done

work="$(mktemp -d "${TMPDIR:-/tmp}/sluice-demo.XXXXXX")"
chmod 755 "$work"
redshift=
clean_up() {
    trap - EXIT INT TERM
    if [ -n "$redshift" ]; then
        kill "$redshift" 2>/dev/null || true
        wait "$redshift" 2>/dev/null || true
    fi
    eng/postgres.sh stop "$work/server" || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

title() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || title() { printf '\n== %s\n' "$*"; }

title "A private PostgreSQL and the data"
eng/postgres.sh start "$work/server" demo
source "$work/server/connection.env"
echo "PostgreSQL listens on 127.0.0.1:$PGPORT, its data is in a temporary folder"
eng/demo-data.sh "$work/oui.csv" 2>&1
cp examples/oui.load "$work/oui.load"

title "The command: examples/oui.load"
grep -v '^ *--' examples/oui.load | sed '/^ *$/d'

title "\$ sluice --root-dir rejects oui.load"
code=0
(cd "$work" && "$ROOT/build/sluice" --root-dir rejects oui.load) || code=$?
[ "$code" -eq 3 ] || die "sluice ended with exit code $code where 3 is due (rows set aside): the demo failed"

title "What the server holds now"
eng/query.sh "select count(*) as rows, count(distinct organization) as organizations, count(address) as addresses from oui"
eng/query.sh "select organization, count(*) as assignments from oui group by organization order by 2 desc, 1 limit 5"

title "What was set aside, and why"
find "$work/rejects" -type f \( -name '*.dat' -o -name '*.raw' -o -name '*.log' -o -name '*.jsonl' \) 2>/dev/null | sort | while read -r file; do
    echo
    echo "--- ${file#"$work"/} ($(wc -l <"$file") lines; the first ones, shortened)"
    head -12 "$file" | cut -c1-150 | LC_ALL=C tr -c '\11\12\40-\176' '?'
done

cat <<'END'

sluice ended with exit code 3: the load finished, and some rows were set aside. The good rows are in the table; each bad one
is in the files above with its line and reason, so that it can be mended and loaded again. With --rejects-ok the exit code
is 0. No row is dropped in silence: read = loaded + rejected + skipped, or the run fails.
END

title "The same data as a SQLite database"
eng/demo-database.sh "$work/oui.csv" "$work/oui.db" 2>&1

title "\$ sluice plan oui.db postgresql:///"
(cd "$work" && "$ROOT/build/sluice" --root-dir plans plan oui.db postgresql:///)

title "\$ sluice oui.db postgresql:///"
(cd "$work" && "$ROOT/build/sluice" --root-dir migration oui.db postgresql:///)

title "What the server holds now"
eng/query.sh "select o.name, r.prefix_bits, count(*) as assignments from assignments a join organizations o on o.id = a.organization join registries r on r.code = a.registry group by 1, 2 order by 3 desc, 1 limit 5"
eng/query.sh "select conrelid::regclass as table, conname as key, pg_get_constraintdef(oid) as definition from pg_constraint where contype in ('p', 'u', 'f') and conrelid::regclass::text in ('assignments', 'organizations', 'registries') order by 1, 2"

title "A local Redshift with an S3 store"
secret() { od -An -N20 -tx1 /dev/urandom | tr -d ' \n'; }
password="Aa1$(secret)"
export AWS_ACCESS_KEY_ID=AKIASLUICEDEMO000000 AWS_SECRET_ACCESS_KEY="$(secret)" AWS_DEFAULT_REGION=us-east-1 AWS_S3_BUCKET_NAME=demo-loads
REDSHIFT_LOCAL_PASSWORD="$password" REDSHIFT_LOCAL_SECRET_KEY="$AWS_SECRET_ACCESS_KEY" build/redshift-local --data "$work/redshift" \
    --port 0 --s3-port 0 --access-key "$AWS_ACCESS_KEY_ID" --bucket "$AWS_S3_BUCKET_NAME" \
    --postgres-bin "$(eng/ensure-postgres.sh)" >"$work/redshift.out" 2>"$work/redshift.err" &
redshift=$!
for _ in $(seq 240); do
    grep -qs '^ready ' "$work/redshift.out" && break
    kill -0 "$redshift" 2>/dev/null || { cat "$work/redshift.err" >&2; die "redshift-local did not start: the demo failed"; }
    sleep 0.25
done
ready="$(grep '^ready ' "$work/redshift.out")" || die "redshift-local was not ready within a minute: the demo failed"
echo "$ready"
sql="$(sed 's/.* sql=\([^ ]*\).*/\1/' <<<"$ready")"
export AWS_ENDPOINT_URL_S3="$(sed 's/.* s3=\([^ ]*\).*/\1/' <<<"$ready")"
export PGHOST="${sql%:*}" PGPORT="${sql##*:}" PGUSER=awsuser PGDATABASE=dev PGPASSFILE="$work/redshift.pgpass"
(umask 077 && printf '%s:%s:*:awsuser:%s\n' "$PGHOST" "$PGPORT" "$password" >"$PGPASSFILE")
cp examples/oui-redshift.load "$work/oui-redshift.load"

title "\$ sluice --root-dir rejects-redshift oui-redshift.load"
code=0
(cd "$work" && "$ROOT/build/sluice" --root-dir rejects-redshift oui-redshift.load) || code=$?
[ "$code" -eq 3 ] || die "sluice ended with exit code $code where 3 is due (rows set aside): the demo failed"

title "\$ sluice --dry-run oui-redshift.load, now that the table is there"
(cd "$work" && "$ROOT/build/sluice" --root-dir rejects-redshift --dry-run oui-redshift.load)

title "What was staged in S3, as Redshift tells of it"
eng/query.sh "select trim(filename) as file, lines_scanned as lines, errors from stl_load_commits order by 1"

title "What Redshift holds now"
eng/query.sh "select count(*) as rows, count(distinct organization) as organizations, count(address) as addresses from oui"
eng/query.sh "select organization, count(*) as assignments from oui group by organization order by 2 desc, 1 limit 5"

title "What was set aside, and why"
find "$work/rejects-redshift" -type f -name '*.log' ! -name sluice.log | sort | while read -r file; do
    echo "--- ${file#"$work"/}"
    cut -c1-150 "$file" | LC_ALL=C tr -c '\11\12\40-\176' '?'
done

cat <<'END'

The same file, the same command but for the table, another kind of server. The row with a key that is there already and the one
that fails a check are in the table: Redshift enforces neither. What it would have refused or changed in silence was set aside
before it was uploaded; what only the server can refuse is traced back to its line in the file.
END

title "The SQLite database into Redshift: examples/database-redshift.load"
cp examples/database-redshift.load "$work/database-redshift.load"
grep -v '^ *--' examples/database-redshift.load | sed '/^ *$/d'

title "\$ sluice plan database-redshift.load"
(cd "$work" && "$ROOT/build/sluice" --root-dir plans-redshift plan database-redshift.load)

title "\$ sluice database-redshift.load"
(cd "$work" && "$ROOT/build/sluice" --root-dir migration-redshift database-redshift.load)

title "What Redshift holds now"
eng/query.sh "select o.name, r.prefix_bits, count(*) as assignments from assignments a join organizations o on o.id = a.organization join registries r on r.code = a.registry group by 1, 2 order by 3 desc, 1 limit 5"
eng/query.sh "select \"table\", diststyle, tbl_rows from svv_table_info where \"table\" in ('assignments', 'organizations', 'registries') order by 1"

title "From PostgreSQL into Redshift and back: examples/postgres-to-redshift.load, redshift-to-postgres.load"
cp examples/postgres-to-redshift.load examples/redshift-to-postgres.load "$work/"
for file in postgres-to-redshift redshift-to-postgres; do
    grep -v '^ *--' "examples/$file.load" | sed '/^ *$/d'
done
cat "$work/server/pgpass" >>"$PGPASSFILE"
REDSHIFT="$PGUSER@$PGHOST:$PGPORT/$PGDATABASE"
postgres_port="$(cut -d: -f2 "$work/server/pgpass")"
export REDSHIFT POSTGRES="sluice@127.0.0.1:$postgres_port/demo"

title "\$ sluice postgres-to-redshift.load"
(cd "$work" && "$ROOT/build/sluice" --root-dir there postgres-to-redshift.load)

title "\$ sluice redshift-to-postgres.load"
(cd "$work" && "$ROOT/build/sluice" --root-dir back redshift-to-postgres.load)

title "What came back, against what went away"
source "$work/server/connection.env"
for table in assignments organizations registries; do
    eng/query.sh "select '$table' as table, (select count(*) from public.$table) as rows,
        (select count(*) from (select * from public.$table except all select * from from_redshift.$table) a)
      + (select count(*) from (select * from from_redshift.$table except all select * from public.$table) b) as different"
done
different="$(PGOPTIONS='-c client_min_messages=error' eng/query.sh "select 'different: ' || count(*) from
    ((select * from public.assignments except all select * from from_redshift.assignments)
     union all (select * from from_redshift.assignments except all select * from public.assignments)) d")"
grep -q 'different: 0' <<<"$different" || die "rows came back from Redshift that differ from those that went there: the demo failed"
