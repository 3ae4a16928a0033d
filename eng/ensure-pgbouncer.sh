#!/usr/bin/env bash
# Installs the program pgbouncer with apt where there is none and we are root; says so and goes on where it cannot.
set -euo pipefail
source "$(dirname "$0")/common.sh"
PATH="$PATH:/usr/sbin"
if command -v pgbouncer >/dev/null; then exit 0; fi
if ! is_root || ! command -v apt-get >/dev/null; then
    say "pgbouncer is not installed: the tests through it are skipped, and fail where CI is set"
    exit 0
fi
say "Installing pgbouncer with apt-get"
# RUNLEVEL=1 keeps the package from starting a server of its own.
export RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive
{ apt-get install -y -q --no-install-recommends pgbouncer ||
    { apt-get update -q && apt-get install -y -q --no-install-recommends pgbouncer; }; } >&2 </dev/null || say "pgbouncer could not be installed"
