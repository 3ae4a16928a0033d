#!/usr/bin/env bash
# Prints the path of the program sqlite3, installing it with apt where there is none: as root, else unpacked into build/cache.
set -euo pipefail
source "$(dirname "$0")/common.sh"
if command -v sqlite3; then exit 0; fi
command -v apt-get >/dev/null || die "sqlite3 is not installed, and there is no apt-get to install it"
if is_root; then
    say "Installing sqlite3 with apt-get"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get install -y -q --no-install-recommends sqlite3 ||
        { apt-get update -q && apt-get install -y -q --no-install-recommends sqlite3; }; } >&2 </dev/null
    command -v sqlite3
    exit
fi

# Its libraries come along: a small system lacks them.
folder="$ROOT/build/cache/sqlite3"
if [ ! -x "$folder/sqlite3" ]; then
    mkdir -p "$folder"
    (cd "$folder" && apt-get download -q sqlite3 libsqlite3-0 libreadline8 >&2 </dev/null && for package in ./*.deb; do dpkg-deb -x "$package" .; done)
    printf '#!/bin/sh\nhere="$(dirname "$0")"\nLD_LIBRARY_PATH="$(echo "$here"/usr/lib/*-linux-gnu*):$(echo "$here"/lib/*-linux-gnu*)" exec "$here/usr/bin/sqlite3" "$@"\n' >"$folder/sqlite3"
    chmod +x "$folder/sqlite3"
fi
"$folder/sqlite3" -version >&2
echo "$folder/sqlite3"
