#!/usr/bin/env bash
# Publishes the program to build/: build/sluice starts it. The assemblies are compiled ahead of time where the compiler for
# this platform is to be had; without it the program is the same, and starts a little later.
set -euo pipefail
source "$(dirname "$0")/common.sh"
require_dotnet
cd "$ROOT"

VERSION=10.0.12
published="artifacts/publish/Sluice.Cli/release"

dotnet restore src/Sluice.Cli --locked-mode -v q >&2
rm -rf "$published"
dotnet publish src/Sluice.Cli -c Release --no-restore -v q >&2

# The folder of the compiler, fetched when it is not there yet.
crossgen() {
    local platform packages
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) platform=linux-x64 ;;
        Linux-aarch64) platform=linux-arm64 ;;
        *) return 1 ;;
    esac
    packages="${NUGET_PACKAGES:-$HOME/.nuget/packages}"
    local tools="$packages/microsoft.netcore.app.crossgen2.$platform/$VERSION/tools"
    if [ ! -d "$tools" ]; then
        dotnet restore eng/crossgen -p:CrossgenPlatform=$platform -v q >/dev/null 2>&1 || return 1
    fi
    [ -f "$tools/crossgen2" ] && echo "$tools/crossgen2"
}

framework() {
    dotnet --list-runtimes | sed -n 's/^Microsoft\.NETCore\.App \(10\.0\.[0-9]*\) \[\(.*\)\]$/\2\/\1/p' | sort -V | tail -1
}

compile_ahead() {
    local compiler framework architecture
    compiler="$(crossgen)" || return 1
    framework="$(framework)"
    [ -n "$framework" ] || return 1
    architecture="$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')"
    [ -x "$compiler" ] || chmod +x "$compiler" 2>/dev/null || return 1
    # Code of the framework is taken into ours too, for the thousand generic methods of it that are made for our types: each
    # checks at its first call that the framework still says the same, and is compiled anew where it does not.
    rm -rf artifacts/ahead && mkdir -p artifacts/ahead
    for assembly in "$published"/*.dll; do
        "$compiler" "$assembly" -o "artifacts/ahead/$(basename "$assembly")" -O \
            -r "$framework/*.dll" -r "$published/*.dll" --opt-cross-module:'*' --non-local-generics-module:'*' --targetos linux --targetarch "$architecture" >artifacts/ahead/log 2>&1 || return 1
    done
    rm -f artifacts/ahead/log
}

mkdir -p build
find build -maxdepth 1 -type f -delete
rm -rf build/runtimes
cp -rp "$published"/* build/
rm -f build/*.xml
if compile_ahead; then
    cp artifacts/ahead/*.dll build/
else
    say "note: no ahead-of-time compiler for this platform; build/sluice works, and starts a little later"
fi
