#!/usr/bin/env bash
# Installs the clients that the tests of redshift-local drive: Debian's packages (as root), npm's into build/cache/clients.
# What cannot be had is named at the end; the tests that need it are skipped, or fail where CI=true.
set -uo pipefail
source "$(dirname "$0")/common.sh"

PACKAGES=(s3cmd python3-boto3 python3-psycopg2 pgloader postgresql-client curl openssl)
NPM_PACKAGES=(@aws-sdk/client-s3@3.1169.0 pg@8.23.1)
FOLDER="$ROOT/build/cache/clients"
missing=()

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

# RUNLEVEL=1 keeps packages from starting servers.
install_with_apt() {
    export RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive
    apt-get install -y -q --no-install-recommends "$@" >&2 </dev/null
}

ensure_debian() {
    local package wanted=()
    if ! command -v dpkg-query >/dev/null; then missing+=("${PACKAGES[@]}"); return; fi
    for package in "${PACKAGES[@]}"; do
        is_installed "$package" || wanted+=("$package")
    done
    [ "${#wanted[@]}" -gt 0 ] || return
    if is_root; then
        say "Installing ${wanted[*]} with apt-get"
        install_with_apt "${wanted[@]}" || { apt-get update -q >&2 </dev/null && install_with_apt "${wanted[@]}"; }
    fi
    for package in "${wanted[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
}

# A stamp with the versions says what is there.
ensure_npm() {
    local stamp="$FOLDER/versions" new="$FOLDER.new.$$"
    [ "$(cat "$stamp" 2>/dev/null)" != "${NPM_PACKAGES[*]}" ] || return
    if ! command -v npm >/dev/null; then missing+=("${NPM_PACKAGES[@]}"); return; fi
    say "Fetching ${NPM_PACKAGES[*]} with npm"
    mkdir -p "$new"
    if npm install --prefix "$new" --ignore-scripts --no-audit --no-fund --no-save --loglevel=error "${NPM_PACKAGES[@]}" >&2 </dev/null; then
        printf '%s\n' "${NPM_PACKAGES[*]}" >"$new/versions"
        rm -rf "$FOLDER"
        mv -T "$new" "$FOLDER" 2>/dev/null || rm -rf "$new"
    else
        rm -rf "$new"
        missing+=("${NPM_PACKAGES[@]}")
    fi
}

ensure_debian
ensure_npm
[ "${#missing[@]}" -eq 0 ] || say "Not to be had here: ${missing[*]}"
