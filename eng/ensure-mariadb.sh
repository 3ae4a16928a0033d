#!/usr/bin/env bash
# Prints the path of the program mariadbd, installing it with apt where there is none (as root). Nothing is started.
set -euo pipefail
source "$(dirname "$0")/common.sh"
PATH="$PATH:/usr/sbin:/sbin"
if [ -n "${SLUICE_MYSQL_BIN:-}" ]; then
    for program in mysqld mariadbd; do
        if [ -x "$SLUICE_MYSQL_BIN/$program" ]; then echo "$SLUICE_MYSQL_BIN/$program"; exit 0; fi
    done
    die "SLUICE_MYSQL_BIN=$SLUICE_MYSQL_BIN holds no mysqld and no mariadbd"
fi
if command -v mariadbd; then exit 0; fi
command -v apt-get >/dev/null && is_root || die "mariadbd is not installed: install Debian's mariadb-server"
say "Installing MariaDB with apt-get"
# RUNLEVEL=1 keeps Debian's package from starting a server of its own.
export RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive
{ apt-get install -y -q --no-install-recommends mariadb-server ||
    { apt-get update -q && apt-get install -y -q --no-install-recommends mariadb-server; }; } >&2 </dev/null
command -v mariadbd
