#!/bin/bash
# First light, as a user sees it: Debian's openstack client against the cloud that OS_* names. Makes a project of its own, boots a machine in it, logs in, reboots,
# takes a snapshot, boots from that, deletes all. Run as root on the cloud's host (the public range is reached from there). Needs: openstack, ssh, ssh-keygen.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=light-$$
step() { echo "--- $*"; }
os() { openstack "$@"; }
tenant() { OS_USERNAME=$name OS_PASSWORD=$password OS_PROJECT_NAME=$name openstack "$@"; }

# until_ok SECONDS COMMAND…: again and again until it succeeds.
until_ok() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >"$work/out" 2>&1; do
    [ $SECONDS -lt $end ] || { echo "gave up on: $*"; cat "$work/out"; return 1; }
    sleep 1
  done
}

gone() { ! tenant server show "$1"; }
status_is() { [ "$(tenant server show -f value -c status "$1")" = "$2" ]; }
on() { ssh -q -i "$work/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=5 -o BatchMode=yes "root@$1" "$2"; }

step "project and user"
password=$(head -c 18 /dev/urandom | base64)
project=$(os project create -f value -c id "$name")
os user create --project "$project" --password "$password" "$name" >/dev/null
os role add --project "$project" --user "$name" member

step "network, router, key, security group"
tenant network create net >/dev/null
tenant subnet create --network net --subnet-range 10.0.0.0/24 sub >/dev/null
tenant router create --external-gateway public router >/dev/null
tenant router add subnet router sub
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
tenant keypair create --public-key "$work/key.pub" key >/dev/null
tenant security group create ssh >/dev/null
tenant security group rule create --protocol tcp --dst-port 22 ssh >/dev/null
tenant security group rule create --protocol icmp ssh >/dev/null

step "server and floating address"
image=$(tenant image list -f value -c Name --status active | sed -n 1p)
flavor=$(tenant flavor list -f value -c Name --sort-column RAM | sed -n 1p)
tenant server create --image "$image" --flavor "$flavor" --network net --key-name key --security-group ssh --wait one >/dev/null
address=$(tenant floating ip create -f value -c floating_ip_address public)
tenant server add floating ip one "$address"

step "SSH to $address"
until_ok 180 on "$address" true
[ "$(on "$address" hostname)" = one ]
boot=$(on "$address" 'cat /proc/sys/kernel/random/boot_id')
on "$address" 'echo kept > /root/kept; sync'
[ -n "$(tenant console log show one)" ]

step "reboot"
tenant server reboot --hard --wait one >/dev/null
until_ok 180 on "$address" true
[ "$(on "$address" 'cat /proc/sys/kernel/random/boot_id')" != "$boot" ]
[ "$(on "$address" 'cat /root/kept')" = kept ]

step "snapshot, and a server from it"
on "$address" sync
tenant server image create --name shot --wait one >/dev/null
tenant server create --image shot --flavor "$flavor" --network net --key-name key --security-group ssh --wait two >/dev/null
second=$(tenant floating ip create -f value -c floating_ip_address public)
tenant server add floating ip two "$second"
until_ok 180 on "$second" true
[ "$(on "$second" 'cat /root/kept')" = kept ]
[ "$(on "$second" hostname)" = two ]

step "delete all"
tenant server delete --wait one two
gone one && gone two
tenant image delete shot
tenant floating ip delete "$address" "$second"
tenant router remove subnet router sub
tenant router delete router
tenant network delete net
tenant security group delete ssh
tenant keypair delete key
os user delete "$name"
os project delete "$project"
echo "first light: all of it worked (project $project)"
