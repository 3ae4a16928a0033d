#!/usr/bin/env bash
# Real S3 servers to hold the store against: Ceph radosgw and OpenStack Swift, from Debian sid in a folder of their own.
#   s3-servers.sh test [ceph|swift]…   starts them, runs the common S3 cases of tests/RedshiftLocal.Tests and the staging ones of
#                                      tests/Sluice.ServerTests against each, stops them
#   s3-servers.sh start|stop|env ceph|swift
#   s3-servers.sh remove               the folder, and what is mounted in it
# Needs root and apt's mirror; takes about 2 GB below REDSHIFT_LOCAL_SID (/var/tmp/redshift-local-sid). Ends only what it started.
set -euo pipefail
source "$(dirname "$0")/common.sh"

TREE="${REDSHIFT_LOCAL_SID:-/var/tmp/redshift-local-sid}"
IDS="$TREE/srv/ids"
CEPH_PORT=55518 SWIFT_PORT=55519
CEPH=/srv/ceph SWIFT=/etc/swift
ACCESS_KEY=LABKEY SECRET_KEY=LABSECRET

source "$(dirname "$0")/sid-tree.sh"

# launch SERVER NAME COMMAND…: in the tree, in the background, its id saved.
launch() {
    local server="$1" name="$2"
    shift 2
    (exec setsid chroot "$TREE" "$@" >"$TREE/srv/$name.out" 2>&1 </dev/null & echo $! >"$IDS/$server.$name.pid")
}

# Its main process gets a signal, and whatever it started with it.
stop_server() {
    local file id
    for file in "$IDS/$1".*.pid; do
        [ -e "$file" ] || continue
        id="$(cat "$file")"
        # An id may have been given to another process since: it must still run in the tree.
        if [ "$(readlink "/proc/$id/root" 2>/dev/null)" = "$TREE" ]; then
            kill -- "-$id" 2>/dev/null || kill "$id" 2>/dev/null || true
            for _ in $(seq 50); do kill -0 "$id" 2>/dev/null || break; sleep 0.1; done
            kill -KILL -- "-$id" 2>/dev/null || true
        fi
        rm -f "$file"
    done
}

wait_for() {
    for _ in $(seq 60); do
        curl -s -o /dev/null "http://127.0.0.1:$1/" && return
        sleep 1
    done
    die "Nothing answers on port $1: see $TREE/srv/*.out"
}

start_ceph() {
    ensure_tree
    ensure_packages radosgw ceph-mon ceph-osd ceph-mgr ceph-common
    local fsid=11111111-2222-3333-4444-555555555556 keys="$CEPH/keyring" config="$CEPH/ceph.conf" osd
    rm -rf "${TREE:?}$CEPH"
    mkdir -p "$TREE$CEPH"/{mon,osd,mgr,run}
    cat >"$TREE$config" <<C
[global]
fsid = $fsid
mon_host = [v2:127.0.0.1:55620/0]
mon_initial_members = a
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
keyring = $keys
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true
osd_crush_chooseleaf_type = 0
mon_max_pg_per_osd = 1000
osd_objectstore = memstore
memstore_device_bytes = 6442450944
osd_memory_target = 2147483648
ms_bind_port_min = 55630
ms_bind_port_max = 55660
run_dir = $CEPH/run
admin_socket = $CEPH/run/\$name.asok
log_file = $CEPH/run/\$name.log
mon_data_avail_warn = 1
mon_data_avail_crit = 0
[mon.a]
mon_data = $CEPH/mon
mon_addr = 127.0.0.1:55620
[osd.0]
osd_data = $CEPH/osd
[mgr.x]
mgr_data = $CEPH/mgr
mgr_initial_modules =
[client.rgw]
rgw_data = $CEPH/run
rgw_frontends = beast endpoint=127.0.0.1:$CEPH_PORT
rgw_dns_name = localhost
rgw_s3_auth_use_sts = true
rgw_sts_key = abcdefghijklmnop
C
    local key="inside ceph-authtool $keys --gen-key"
    inside monmaptool --create --clobber --fsid "$fsid" --addv a '[v2:127.0.0.1:55620]' "$CEPH/monmap" >/dev/null
    inside ceph-authtool --create-keyring "$keys" --gen-key -n mon. --cap mon 'allow *' >/dev/null
    $key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
    $key -n mgr.x --cap mon 'allow profile mgr' --cap osd 'allow *' >/dev/null
    $key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' --cap mgr 'allow profile osd' >/dev/null
    $key -n client.rgw --cap mon 'allow rw' --cap osd 'allow rwx' --cap mgr 'allow rw' >/dev/null
    inside ceph-mon -c "$config" -i a --mkfs --monmap "$CEPH/monmap" --keyring "$keys"
    launch ceph mon ceph-mon -c "$config" -i a -f
    sleep 2
    timeout 20 chroot "$TREE" ceph -c "$config" mon enable-msgr2 >/dev/null 2>&1 || true
    osd="$(cat /proc/sys/kernel/random/uuid)"
    timeout 20 chroot "$TREE" ceph -c "$config" osd new "$osd" >/dev/null
    inside ceph-osd -c "$config" -i 0 --mkfs --osd-uuid "$osd" >/dev/null 2>&1
    launch ceph osd ceph-osd -c "$config" -i 0 -f
    launch ceph mgr ceph-mgr -c "$config" -i x -f
    sleep 4
    launch ceph rgw radosgw -c "$config" -n client.rgw -f
    wait_for "$CEPH_PORT"
    timeout 60 chroot "$TREE" radosgw-admin -c "$config" -n client.rgw user create --uid=lab --display-name=Lab \
        --access-key="$ACCESS_KEY" --secret-key="$SECRET_KEY" >/dev/null 2>&1
    timeout 60 chroot "$TREE" radosgw-admin -c "$config" -n client.rgw role create --role-name=loader --assume-role-policy-doc='{"Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/lab"]}, "Action": ["sts:AssumeRole"]}]}' >/dev/null 2>&1
    timeout 60 chroot "$TREE" radosgw-admin -c "$config" -n client.rgw role-policy put --role-name=loader --policy-name=all --policy-doc='{"Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": "arn:aws:s3:::*"}]}' >/dev/null 2>&1
}

start_swift() {
    ensure_tree
    ensure_packages swift-proxy swift-account swift-container swift-object memcached
    local kind port=55701
    mkdir -p "$TREE$SWIFT" "$TREE/srv/swift/d1" "$TREE/var/cache/swift"
    cat >"$TREE$SWIFT/swift.conf" <<C
[swift-hash]
swift_hash_path_suffix = lab
swift_hash_path_prefix = lab
[storage-policy:0]
name = p0
default = yes
C
    {
        printf '[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = %s\nworkers = 2\nuser = root\nlog_level = WARNING\n' "$SWIFT_PORT"
        printf '[pipeline:main]\npipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-server\n'
        printf '[app:proxy-server]\nuse = egg:swift#proxy\nallow_account_management = true\naccount_autocreate = true\n'
        printf '[filter:tempauth]\nuse = egg:swift#tempauth\nuser_lab_key = %s .admin\n' "$SECRET_KEY"
        printf '[filter:s3api]\nuse = egg:swift#s3api\ns3_acl = false\nlocation = us-east-1\ndns_compliant_bucket_names = true\ncheck_bucket_owner = false\n'
        printf '[filter:cache]\nuse = egg:swift#memcache\nmemcache_servers = 127.0.0.1:%s\n' "$port"
        printf '[filter:versioned_writes]\nuse = egg:swift#versioned_writes\nallow_object_versioning = true\n'
        for kind in catch_errors gatekeeper healthcheck listing_formats bulk copy slo dlo symlink; do
            printf '[filter:%s]\nuse = egg:swift#%s\n' "$kind" "$kind"
        done
    } >"$TREE$SWIFT/proxy-server.conf"
    launch swift memcached memcached -u root -l 127.0.0.1 -p "$port" -m 64
    for kind in account container object; do
        port=$((port + 1))
        printf '[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = %s\nworkers = 1\nuser = root\ndevices = /srv/swift\nmount_check = false\nlog_level = WARNING\nfallocate_reserve = 0\n[pipeline:main]\npipeline = %s-server\n[app:%s-server]\nuse = egg:swift#%s\n' \
            "$port" "$kind" "$kind" "$kind" >"$TREE$SWIFT/$kind-server.conf"
        rm -f "$TREE$SWIFT/$kind.builder" "$TREE$SWIFT/$kind.ring.gz"
        inside swift-ring-builder "$SWIFT/$kind.builder" create 4 1 1 >/dev/null
        inside swift-ring-builder "$SWIFT/$kind.builder" add "r1z1-127.0.0.1:$port/d1" 1 >/dev/null
        inside swift-ring-builder "$SWIFT/$kind.builder" rebalance >/dev/null || true
    done
    for kind in account container object proxy; do
        launch swift "$kind" "swift-$kind-server" "$SWIFT/$kind-server.conf"
    done
    wait_for "$SWIFT_PORT"
}

# What each does otherwise than S3, in the words of S3Deviations.
environment() {
    case "$1" in
        ceph)
            echo "REDSHIFT_LOCAL_S3_ENDPOINT=http://127.0.0.1:$CEPH_PORT"
            echo "REDSHIFT_LOCAL_S3_ACCESS_KEY=$ACCESS_KEY"
            echo "REDSHIFT_LOCAL_S3_ROLE=arn:aws:iam:::role/loader"
            echo "REDSHIFT_LOCAL_S3_DEVIATIONS=AnyRegion,HeaderChecksums,UploadErrors,PartOrder,CompositeCrc,RefusalCodes"
            ;;
        swift)
            echo "REDSHIFT_LOCAL_S3_ENDPOINT=http://127.0.0.1:$SWIFT_PORT"
            echo "REDSHIFT_LOCAL_S3_ACCESS_KEY=lab:key"
            echo "REDSHIFT_LOCAL_S3_DEVIATIONS=StoredChecksums,BucketOwners,UnknownKeys,StreamedTrailers"
            ;;
    esac
    echo "REDSHIFT_LOCAL_S3_SECRET_KEY=$SECRET_KEY"
    echo "REDSHIFT_LOCAL_S3_REGION=us-east-1"
}

run_tests() {
    local server code=0
    for server in "$@"; do
        say ""
        say "== $server"
        "start_$server"
        env $(environment "$server") "$ROOT/artifacts/bin/RedshiftLocal.Tests/debug/RedshiftLocal.Tests" -noLogo -noColor \
            -class "RedshiftLocal.Tests.Store.Common*" -class "RedshiftLocal.Tests.Store.Clients.*" </dev/null || code=1
        env $(environment "$server") "$ROOT/artifacts/bin/Sluice.ServerTests/debug/Sluice.ServerTests" -noLogo -noColor \
            -class "Sluice.ServerTests.Targets.Redshift.StagingOnOtherServersTests" </dev/null || code=1
        stop_server "$server"
    done
    return $code
}

command="${1:-}"
shift || true
server="${1:-}"
case "$command:$server" in
    test:*)
        [ $# -gt 0 ] || set -- ceph swift
        trap 'for s in ceph swift; do stop_server $s; done' EXIT
        run_tests "$@"
        ;;
    start:ceph | start:swift) "start_$server" && environment "$server" ;;
    stop:ceph | stop:swift) stop_server "$server" ;;
    env:ceph | env:swift) environment "$server" ;;
    remove:)
        for s in ceph swift; do stop_server $s; done
        for folder in proc dev; do
            if mountpoint -q "$TREE/$folder"; then umount "$TREE/$folder"; fi
        done
        rm -rf --one-file-system "$TREE" "$TREE.log"
        ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
