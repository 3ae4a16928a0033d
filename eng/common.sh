# Sourced by the scripts of this folder: where things are, and how to speak. Messages go to stderr, results to stdout.
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# dotnet wants a home to keep its packages in; a service account may have none.
if [ ! -w "${HOME:-/nonexistent}" ]; then
    export DOTNET_CLI_HOME="$ROOT/build/home" NUGET_PACKAGES="$ROOT/build/home/packages"
    mkdir -p "$DOTNET_CLI_HOME"
fi

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
is_root() { [ "$(id -u)" -eq 0 ]; }

# PostgreSQL refuses to run as root: then its files and processes belong to this user.
server_user() {
    if ! is_root; then id -un
    elif getent passwd postgres >/dev/null; then echo postgres
    else echo nobody
    fi
}

# Runs a command as the server's user, in a folder it may enter.
as_server() {
    if is_root; then
        (cd / && exec setpriv --reuid="$(server_user)" --regid="$(id -g "$(server_user)")" --clear-groups --inh-caps=-all -- "$@")
    else
        (cd / && exec "$@")
    fi
}

require_dotnet() {
    command -v dotnet >/dev/null || die "The .NET 10 SDK is needed and 'dotnet' is not on PATH: install dotnet-sdk-10.0"
}
