# Sourced by test.sh and test-servers.sh: runs suites, adds up what they report.
RESULTS="$ROOT/artifacts/test-results"
TARGET="$(basename "$0" .sh)"
passed=0 failed=0 skipped=0

mkdir -p "$RESULTS"
rm -f "$RESULTS/$TARGET".*

# Adds what a suite reported. A suite that reports nothing has failed, whatever its exit code.
add_report() {
    local report="$1" line total errors suite_failed suite_skipped
    line="$(grep -m1 -o '<assembly [^>]*>' "$report" 2>/dev/null)" || line=""
    number() { printf '%s' "$line" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }
    total="$(number total)"
    errors="$(number errors)"
    suite_failed="$(number failed)"
    suite_skipped="$(number skipped)"
    if [ -z "$line" ] || [ "${total:-0}" -eq 0 ]; then
        say "The suite reported no test: that counts as one failure"
        failed=$((failed + 1))
        return
    fi
    passed=$((passed + $(number passed)))
    failed=$((failed + suite_failed + ${errors:-0}))
    skipped=$((skipped + ${suite_skipped:-0}))
}

# run_suite NAME PROGRAM [ARGUMENT…]
run_suite() {
    local name="$1" program="$2" report code=0 before="$failed"
    shift 2
    report="$RESULTS/$TARGET.$name.xml"
    say ""
    say "== $name"
    timeout --kill-after=30 "${SUITE_TIMEOUT:-1200}" "$program" -noLogo -noColor -xml "$report" "$@" </dev/null || code=$?
    add_report "$report"
    if [ "$code" -ne 0 ] && [ "$failed" -eq "$before" ]; then
        say "The suite ended with exit code $code and reported no failed test: that counts as one failure"
        failed=$((failed + 1))
    fi
}

# The newest PostgreSQL that a package gives, beside the one that all tests share. Where it cannot be had, its tests say so.
export_newest_postgres() {
    if SLUICE_NEWEST_POSTGRES_BIN="$(eng/ensure-postgres.sh "$(tail -1 eng/postgres-versions.txt | cut -d' ' -f1)")"; then
        export SLUICE_NEWEST_POSTGRES_BIN
    fi
}

# run_step NAME COMMAND…: a check that is no test of its own, but fails as one.
run_step() {
    local name="$1"
    shift
    say ""
    say "== $name"
    "$@" </dev/null || { failed=$((failed + 1)); say "failed: $name"; return 1; }
}

# The closing line; the exit code says whether all went well.
finish() {
    local tail=""
    [ "$skipped" -eq 0 ] || tail=", $skipped skipped"
    printf '%s %s %s\n' "$passed" "$failed" "$skipped" >"$RESULTS/$TARGET.total"
    printf '\n%d passed, %d failed%s\n' "$passed" "$failed" "$tail"
    [ "$failed" -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
}
