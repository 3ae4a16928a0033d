# Sourced by scripts that need programs of Debian sid: a tree of it in the folder TREE, made when it is first needed.
TREE="${REDSHIFT_LOCAL_SID:-/var/tmp/redshift-local-sid}"

inside() { chroot "$TREE" "$@"; }

mirror() {
    sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p; s/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        grep -E '/debian/?$' | head -1
}

ensure_tree() {
    is_root || die "$(basename "$0") needs root: it makes a Debian tree and mounts /proc and /dev in it"
    if [ ! -e "$TREE/srv/ready" ]; then
        command -v debootstrap >/dev/null || apt-get install -y -q --no-install-recommends debootstrap >&2 </dev/null
        say "Making a Debian sid tree in $TREE"
        mkdir -p "$TREE"
        debootstrap --variant=minbase sid "$TREE" "$(mirror)" >"$TREE.log" 2>&1 || die "debootstrap failed: see $TREE.log"
        # The configuration of apt (proxies, keys) holds inside too; the sources are sid's.
        cp -a /etc/apt/apt.conf.d/. "$TREE/etc/apt/apt.conf.d/" 2>/dev/null || true
        printf '#!/bin/sh\nexit 101\n' >"$TREE/usr/sbin/policy-rc.d"
        chmod +x "$TREE/usr/sbin/policy-rc.d"
        mkdir -p "$TREE/srv/ids"
        touch "$TREE/srv/ready"
    fi
    mountpoint -q "$TREE/proc" || mount --bind /proc "$TREE/proc"
    mountpoint -q "$TREE/dev" || mount --bind /dev "$TREE/dev"
}

ensure_packages() {
    inside dpkg-query -W "$@" >/dev/null 2>&1 && return
    say "Installing $* in the tree"
    inside env DEBIAN_FRONTEND=noninteractive apt-get update -q >>"$TREE.log" 2>&1
    inside env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$TREE.log" 2>&1 ||
        die "Packages could not be installed: see $TREE.log"
}
