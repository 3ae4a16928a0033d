#!/usr/bin/env bash
# demo-data.sh FILE: writes the demo's data, a real file of some 30,000 rows with eight spoiled rows at its end.
set -euo pipefail
source "$(dirname "$0")/common.sh"
target="${1:?usage: demo-data.sh FILE}"
installed=/usr/share/ieee-data/oui.csv

# Debian's package ieee-data: installed, or installed now (as root), or only unpacked.
real_file() {
    local folder="$ROOT/build/cache/ieee-data"
    if [ -r "$installed" ]; then echo "$installed"; return; fi
    if unpacked "$folder"; then return; fi
    command -v apt-get >/dev/null || return 1
    if is_root; then
        export DEBIAN_FRONTEND=noninteractive
        { apt-get install -y -q --no-install-recommends ieee-data ||
            { apt-get update -q && apt-get install -y -q --no-install-recommends ieee-data; }; } >&2 </dev/null || return 1
        [ -r "$installed" ] && echo "$installed"
        return
    fi
    mkdir -p "$folder"
    (cd "$folder" && apt-get download -q ieee-data >&2 </dev/null && dpkg-deb -x ieee-data_*.deb .) || return 1
    unpacked "$folder"
}

# Newer versions of the package keep the file elsewhere, behind a link.
unpacked() {
    local file
    for file in "$1$installed" "$1/var/lib/ieee-data/oui.csv"; do
        if [ -r "$file" ]; then echo "$file"; return; fi
    done
    return 1
}

# The same shape where there is no such package: 30,000 rows, the same ones every time.
generated_file() {
    awk 'BEGIN {
        split("Harbour Tools|Quay \"North\" Radio|Lock, Stock and Wire|Köln Messtechnik|São Bento Eletrônica|Basin Optics", name, "|")
        print "Registry,Assignment,Organization Name,Organization Address"
        for (i = 0; i < 30000; i++) {
            n = name[(i * 7) % 6 + 1]; gsub(/"/, "\"\"", n)
            printf "MA-L,%06X,\"%s\",\"%d Sluice Street, Gate %d\"\n", i * 89, n, i % 997 + 1, i % 13
        }
    }'
}

if file="$(real_file)"; then
    cat "$file" >"$target"
    say "Data: oui.csv of Debian's ieee-data package, $(wc -l <"$target") lines"
else
    generated_file >"$target"
    say "Data: the package ieee-data is not to be had here; a generated file of the same shape stands in, $(wc -l <"$target") lines"
fi

# The assignment of the file's second line, once more.
duplicate="$(sed -n 2p "$target" | cut -d, -f2)"
long="$(printf 'x%.0s' $(seq 200))"
{
    printf 'MA-X,FFFF01,No such registry Ltd,"1 Typo Lane"\n'
    printf 'MA-L,FFFF02,Caf\xe9 Latin-1 Ltd,"2 Wrong Encoding Road"\n'
    printf 'MA-L,FFFF03,"Stray" quote Ltd,"3 Odd Street"\n'
    printf 'MA-L,%s,Comes twice Ltd,"4 Copy Square"\n' "$duplicate"
    printf 'MA-L,FFFF05,%s,"5 Long Row"\n' "$long"
    printf 'MA-L,GGGG06,Not hexadecimal Ltd,"6 Check Point"\n'
    printf 'MA-L,FFFF07,,"7 Nameless Court"\n'
    printf 'MA-L,FFFF08,"A quote that never ends,8 Last Line\n'
} >>"$target"
say "Added at its end: eight spoiled rows (a wrong number, a byte that is not UTF-8, a stray quote, a key that is there"
say "already, a name too long, a failed check, a missing name, a quote that never ends)"
