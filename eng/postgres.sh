#!/usr/bin/env bash
# A private PostgreSQL in a folder: its own data, a free port on the loopback address, a password made for it.
#   postgres.sh start DIR [DATABASE]   writes DIR/connection.env (PGHOST, PGPORT, … to be sourced)
#   postgres.sh status DIR             exit 0 when it runs
#   postgres.sh stop DIR               ends that server and no other
# POSTGRES_OPTIONS holds further options of the server, such as "-c fsync=off".
set -euo pipefail
source "$(dirname "$0")/common.sh"
command="${1:-}"
dir="${2:-}"
[ -n "$dir" ] || die "usage: postgres.sh start|status|stop DIR [DATABASE]"
case "$dir" in /*) ;; *) dir="$PWD/$dir" ;; esac

# The server's process id, when the one that this script started is still alive.
running() {
    local pid
    [ -f "$dir/pid" ] || return 1
    pid="$(cat "$dir/pid")"
    [ -d "/proc/$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "-D $dir/server/data" && echo "$pid"
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

start() {
    local database="${1:-postgres}" bin user password port attempt
    running >/dev/null && die "A server runs in $dir already"
    bin="$("$ROOT/eng/ensure-postgres.sh")"
    user="$(server_user)"
    password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    rm -rf "$dir/server"
    mkdir -p "$dir/server"
    chmod 700 "$dir/server"
    printf '%s\n' "$password" >"$dir/server/password"
    is_root && chown -R "$user" "$dir/server"
    as_server test -x "$dir/server" || die "The user $user cannot enter $dir: choose a folder that all may enter, such as one below /tmp"

    # The socket's folder is closed to others, so only the TCP side asks for the password.
    as_server "$bin/initdb" -D "$dir/server/data" -U sluice --pwfile="$dir/server/password" --auth-local=trust \
        --auth-host=scram-sha-256 --locale=C --encoding=UTF8 --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
    if [ "$database" != postgres ]; then
        echo "create database \"$database\"" | as_server "$bin/postgres" --single -D "$dir/server/data" postgres >>"$dir/initdb.log" 2>&1
    fi

    for attempt in 1 2 3 4 5; do
        port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        port_is_free "$port" || continue
        if as_server "$bin/pg_ctl" start -w -t 60 -s -D "$dir/server/data" -l "$dir/server/log" \
            -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='$dir/server' ${POSTGRES_OPTIONS:-}" >&2; then
            head -1 "$dir/server/data/postmaster.pid" >"$dir/pid"
            echo "$bin" >"$dir/bin"
            (umask 077 && printf '127.0.0.1:%s:*:sluice:%s\n' "$port" "$password" >"$dir/pgpass")
            cat >"$dir/connection.env" <<END
export PGHOST=127.0.0.1 PGPORT=$port PGUSER=sluice PGDATABASE=$database PGPASSFILE='$dir/pgpass'
END
            return 0
        fi
    done
    tail -5 "$dir/server/log" >&2 || true
    die "The private PostgreSQL did not start"
}

stop() {
    local bin
    running >/dev/null || return 0
    bin="$(cat "$dir/bin")"
    as_server "$bin/pg_ctl" stop -w -t 30 -s -m fast -D "$dir/server/data" >&2 ||
        as_server "$bin/pg_ctl" stop -w -t 30 -s -m immediate -D "$dir/server/data" >&2
}

case "$command" in
    start) mkdir -p "$dir"; start "${3:-}" ;;
    stop) stop ;;
    status) if running >/dev/null; then echo "running (process $(running))"; else echo "not running"; exit 3; fi ;;
    *) die "usage: postgres.sh start|status|stop DIR [DATABASE]" ;;
esac
