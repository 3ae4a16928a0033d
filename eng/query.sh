#!/usr/bin/env bash
# query.sh SQL: runs a query with libpq's variables from the environment; with psql where there is one.
set -euo pipefail
source "$(dirname "$0")/common.sh"
if command -v psql >/dev/null; then
    exec psql -X -q -P pager=off -v ON_ERROR_STOP=1 -c "$1"
fi
exec dotnet run --project "$ROOT/bench/Sluice.Benchmarks" -c Release -v q -- query "$1"
