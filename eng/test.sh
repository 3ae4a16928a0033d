#!/usr/bin/env bash
# Everything that needs no more than a stable Debian: format, build, unit tests in Debug (tiny buffers) and in Release (real
# buffers, allocation tests), server tests in Debug on one PostgreSQL, the tests of redshift-local with the clients
# that nobody here wrote.
set -uo pipefail
source "$(dirname "$0")/common.sh"
source "$(dirname "$0")/testing.sh"
require_dotnet
cd "$ROOT"

run_step "restore, as the lock files say" dotnet restore --locked-mode -v q || { finish; exit 1; }
run_step "format" dotnet format --verify-no-changes --no-restore
run_step "build, Debug" dotnet build --no-restore -v q || { finish; exit 1; }
run_step "build, Release" dotnet build --no-restore -c Release -v q || { finish; exit 1; }
run_suite unit-debug artifacts/bin/Sluice.Tests/debug/Sluice.Tests
run_suite unit-release artifacts/bin/Sluice.Tests/release/Sluice.Tests
eng/ensure-clients.sh
eng/ensure-mariadb.sh >/dev/null || say "No MariaDB could be had: tests that read from it are skipped, and fail with CI=true"
eng/ensure-pgbouncer.sh
if SLUICE_POSTGRES_BIN="$(eng/ensure-postgres.sh)"; then
    export SLUICE_POSTGRES_BIN
    export_newest_postgres
    run_suite servers-debug artifacts/bin/Sluice.ServerTests/debug/Sluice.ServerTests
    run_suite redshift-local artifacts/bin/RedshiftLocal.Tests/debug/RedshiftLocal.Tests
else
    say "No PostgreSQL could be had: the server tests cannot run, which counts as one failure"
    failed=$((failed + 1))
fi
finish
