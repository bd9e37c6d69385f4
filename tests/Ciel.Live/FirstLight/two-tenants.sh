#!/bin/bash
# Two tenants with the same addresses, and what may pass between machines: Debian's openstack client against the cloud that OS_* names. Makes two projects of its
# own and deletes all. Run as root on the cloud's host (the public range is reached from there). Needs: openstack, ssh, ssh-keygen, nc (netcat-openbsd).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=two-$$
password=$(head -c 18 /dev/urandom | base64)
step() { echo "--- $*"; }
as() { local who=$name-$1; shift; OS_USERNAME=$who OS_PASSWORD=$password OS_PROJECT_NAME=$who openstack "$@"; }
refused() { if "$@" >"$work/out" 2>&1; then echo "was not refused: $*"; exit 1; fi; }
is() { [ "$1" = "$2" ] || { echo "expected '$2', got '$1'"; exit 1; }; }
all_done() { local job; for job in $(jobs -p); do wait "$job"; done; }

# session TENANT: its input's lines as commands of one client, because each start of it takes a second. Fails when one of them does.
session() {
  as "$1" >"$work/out-$1" 2>"$work/errors-$1"
  [ ! -s "$work/errors-$1" ] || { cat "$work/errors-$1"; return 1; }
}

# until_ok SECONDS COMMAND…: again and again until it succeeds.
until_ok() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >"$work/out" 2>&1; do
    [ $SECONDS -lt $end ] || { echo "gave up on: $*"; cat "$work/out"; return 1; }
    sleep 1
  done
}

# on MACHINE COMMAND: by SSH to its floating address.
on() { ssh -q -i "$work/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=5 -o BatchMode=yes "root@$(cat "$work/$1")" "$2"; }

tenant() {
  openstack project create "$name-$1" >/dev/null
  openstack user create --project "$name-$1" --password "$password" "$name-$1" >/dev/null
  openstack role add --project "$name-$1" --user "$name-$1" member
  session "$1" <<C
network create net
subnet create --network net --subnet-range 10.0.0.0/24 sub
router create --external-gateway public router
router add subnet router sub
keypair create --public-key $work/key.pub key
security group create few
security group rule create --protocol tcp --dst-port 22 few
security group rule create --protocol icmp few
C
}

# machine TENANT NAME ADDRESS: leaves its floating address in a file.
machine() {
  as "$1" port create --network net --fixed-ip ip-address="$3" --security-group few "$2" >/dev/null
  as "$1" floating ip create -f value -c floating_ip_address --port "$2" public >"$work/$2"
  as "$1" server create --image "$image" --flavor "$flavor" --port "$2" --key-name key --user-data "$work/service" --wait "$2" >/dev/null
}

# heard MACHINE PROBER PROBE: how many pings the machine hears of those that the probe sends from another one.
heard() {
  local before
  before=$(pings "$1")
  on "$2" "$3" >/dev/null || true
  echo $(($(pings "$1") - before))
}
pings() { on "$1" "awk '/^Icmp: [0-9]/ { print \$10 }' /proc/net/snmp"; }
hears_all() { [ "$(heard "$@")" = 3 ]; }

# What a machine says on port 8000, where each one tells its name.
says() { [ "$(nc -d -w 3 "$(cat "$work/$1")" 8000)" = "$1" ]; }
silent() { ! nc -z -w 3 "$(cat "$work/$1")" 8000; }

step "two tenants, each with 10.0.0.0/24"
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
printf '#!/bin/sh\nwhile :; do hostname | nc -l -p 8000; done >/dev/null 2>&1 &\n' >"$work/service"
image=$(openstack image list -f value -c Name --status active | sed -n 1p)
flavor=$(openstack flavor list -f value -c Name --sort-column RAM | sed -n 1p)
tenant a & tenant b & all_done
machine a a1 10.0.0.10 & machine a a2 10.0.0.20 & machine b b2 10.0.0.20 & all_done
for each in a1 a2 b2; do
  until_ok 180 on "$each" true
  is "$(on "$each" hostname)" "$each"
done
boot=$(on a1 'cat /proc/sys/kernel/random/boot_id')

step "neither sees the other"
ping='ping -c 3 -W 1'
is "$(heard a2 a1 "$ping 10.0.0.20")" 3
is "$(heard b2 a1 "$ping 10.0.0.20")" 0
is "$(heard a1 a2 "$ping 10.0.0.10")" 3
is "$(heard a1 b2 "$ping 10.0.0.10")" 0
refused on b2 "$ping 10.0.0.10"
refused as b server show "$(as a server show -f value -c id a1)"
refused as b port show "$(as a port show -f value -c id a1)"

step "a closed port, opened and closed again while the machine runs"
until_ok 60 on a1 '[ "$(nc 10.0.0.10 8000 </dev/null)" = a1 ]'
silent a1
rule=$(as a security group rule create -f value -c id --protocol tcp --dst-port 8000 few)
until_ok 20 says a1
silent b2
as a security group rule delete "$rule"
until_ok 20 silent a1
is "$(on a1 'cat /proc/sys/kernel/random/boot_id')" "$boot"

step "a source that is not the machine's own is dropped"
mac=$(as a port show -f value -c mac_address a2)
known="arp -s 10.0.0.20 $mac"
own=$(as a port show -f value -c mac_address a1)
other_address="ip address add 10.0.0.99/24 dev eth0; $known; $ping -I 10.0.0.99 10.0.0.20"
other_mac="ip link set eth0 address fa:16:3e:00:00:99; $known; $ping 10.0.0.20; ip link set eth0 address $own"
is "$(heard a2 a1 "$other_address")" 0
is "$(heard a2 a1 "$other_mac")" 0
is "$(heard a2 a1 "$known; $ping 10.0.0.20")" 3

step "unless its owner allows all of them"
as a port set --no-security-group --disable-port-security a1
until_ok 30 hears_all a2 a1 "$other_address"
is "$(heard a2 a1 "$other_mac")" 3

step "delete all"
as a server delete --wait a1 a2 & as b server delete --wait b2 & all_done
for who in a b; do
  ports=$(as $who port list -f value -c Name | xargs)
  addresses=$(as $who floating ip list -f value -c ID | xargs)
  session $who <<C
floating ip delete $addresses
port delete $ports
router remove subnet router sub
router delete router
network delete net
security group delete few
keypair delete key
C
  openstack user delete "$name-$who"
  openstack project delete "$name-$who"
done
echo "two tenants: all of it worked"
