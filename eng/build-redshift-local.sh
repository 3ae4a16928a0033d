#!/usr/bin/env bash
# Publishes the local Redshift to build/redshift-local.d; build/redshift-local starts it.
set -euo pipefail
source "$(dirname "$0")/common.sh"
require_dotnet
cd "$ROOT"

published="artifacts/publish/RedshiftLocal/release"
dotnet restore tools/RedshiftLocal --locked-mode -v q >&2
rm -rf "$published"
dotnet publish tools/RedshiftLocal -c Release --no-restore -v q >&2

rm -rf build/redshift-local.d
mkdir -p build/redshift-local.d
cp -p "$published"/* build/redshift-local.d/
rm -f build/redshift-local.d/*.xml
cat >build/redshift-local <<'END'
#!/bin/sh
# Starts the program beside this file; as the same process, so that it can be stopped.
exec "$(dirname "$(readlink -f "$0")")/redshift-local.d/redshift-local" "$@"
END
chmod +x build/redshift-local
