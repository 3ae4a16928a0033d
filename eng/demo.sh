#!/usr/bin/env bash
# A load from end to end on a private PostgreSQL: a real file with some spoiled rows. Everything it starts it stops again.
set -euo pipefail
source "$(dirname "$0")/common.sh"
cd "$ROOT"
[ -x build/sluice ] || die "build/sluice is missing: run 'make build' first"

work="$(mktemp -d "${TMPDIR:-/tmp}/sluice-demo.XXXXXX")"
chmod 755 "$work"
clean_up() {
    trap - EXIT INT TERM
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
