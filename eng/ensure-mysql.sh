#!/usr/bin/env bash
# Prints a folder with Oracle's mysqld, from Debian sid in a tree of its own: SLUICE_MYSQL_BIN of the server tests. Needs root and apt's mirror, and takes
# about 1 GB below REDSHIFT_LOCAL_SID (/var/tmp/redshift-local-sid). Starts nothing.
set -euo pipefail
source "$(dirname "$0")/common.sh"
source "$(dirname "$0")/sid-tree.sh"

ensure_tree
ensure_packages mysql-server-core
folder="$TREE/srv/mysql-bin"
libraries="$TREE/usr/lib/$(uname -m)-linux-gnu"
loader="$(find "$libraries" -maxdepth 1 -name 'ld-linux-*.so.*' | head -1)"
mkdir -p "$folder"
# With the tree's own libraries, so that it runs outside of it as any other program does.
cat >"$folder/mysqld.new" <<S
#!/bin/sh
exec "$loader" --library-path "$libraries:$TREE/usr/lib/mysql/private" "$TREE/usr/sbin/mysqld" "\$@" --basedir="$TREE/usr" --lc-messages-dir="$TREE/usr/share/mysql" \\
    --character-sets-dir="$TREE/usr/share/mysql/charsets" --plugin-dir="$TREE/usr/lib/mysql/plugin"
S
chmod +x "$folder/mysqld.new"
mv "$folder/mysqld.new" "$folder/mysqld"
"$folder/mysqld" --no-defaults --version >&2
echo "$folder"
