#!/usr/bin/env bash
# Measures build/sluice and build/redshift-local from end to end against psql and pgloader on a private PostgreSQL with default settings.
#   SIZE=1GB  ROUNDS=3  PGLOADER_ROUNDS=1  SETS="typed mixed text typed-bad typed-check typed-odd"
#   BENCH="load formats sqlite mysql postgres start-up redshift-local redshift-loads redshift-source staging staging-latency" chooses what runs; BENCH_TMP says where the data goes (room for about eight times SIZE).
# Databases: ROWS=2000000 TABLES=5000 SQLITE_SETS="rows tables indexes" MYSQL_SETS="mixed wide"; POSTGRES_SETS="table database" DATABASE_SIZE=2GB.
# redshift-local is measured against psql into the PostgreSQL behind it; its store against Swift too, when
# REDSHIFT_BENCH_SWIFT_ENDPOINT, _ACCESS_KEY, _SECRET_KEY and _REGION name one (eng/s3-servers.sh starts it).
set -euo pipefail
source "$(dirname "$0")/common.sh"
require_dotnet
cd "$ROOT"

if ! command -v psql >/dev/null; then
    is_root && command -v apt-get >/dev/null || die "psql is needed as the peer to measure against: install postgresql-client"
    { apt-get install -y -q --no-install-recommends postgresql-client ||
        { apt-get update -q && apt-get install -y -q --no-install-recommends postgresql-client; }; } >&2 </dev/null
fi
command -v pgloader >/dev/null || say "pgloader is not installed: measured without it"

work="$(mktemp -d "${BENCH_TMP:-${TMPDIR:-/tmp}}/sluice-bench.XXXXXX")"
chmod 755 "$work"
clean_up() {
    trap - EXIT INT TERM
    eng/postgres.sh stop "$work/server" || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

dotnet build bench/Sluice.Benchmarks -c Release -v q >&2
# pgloader creates all tables in one transaction: thousands of them need a larger lock table than the default.
POSTGRES_OPTIONS="-c max_locks_per_transaction=1024" eng/postgres.sh start "$work/server" bench
source "$work/server/connection.env"
mkdir "$work/data"
export BENCH_FOLDER="$work/data" BENCH_SERVER_PROCESS="$(cat "$work/server/pid")"

parts="${BENCH:-load formats sqlite mysql postgres start-up redshift-local redshift-loads redshift-source staging staging-latency}"
case " $parts " in *" mysql "*) BENCH_MARIADBD="$(eng/ensure-mariadb.sh)" && export BENCH_MARIADBD ;; esac

code=0
for part in $parts; do
    artifacts/bin/Sluice.Benchmarks/release/Sluice.Benchmarks "$part" || code=1
done
exit "$code"
