#!/bin/bash
# Images as a user handles them: Debian's openstack client against the cloud that OS_* names. Makes two projects of its own and deletes all.
# Needs: openstack, qemu-img.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=images-$$
password=$(head -c 18 /dev/urandom | base64)
step() { echo "--- $*"; }
os() { openstack "$@"; }
as() { local who=$1; shift; OS_USERNAME=$who OS_PASSWORD=$password OS_PROJECT_NAME=$who openstack "$@"; }
refused() { if "$@" >"$work/out" 2>&1; then echo "was not refused: $*"; exit 1; fi; }
is() { [ "$1" = "$2" ] || { echo "expected '$2', got '$1'"; exit 1; }; }

step "two projects"
for who in "$name-a" "$name-b"; do
  os project create "$who" >/dev/null
  os user create --project "$who" --password "$password" "$who" >/dev/null
  os role add --project "$who" --user "$who" member
done
a=$name-a b=$name-b
b_id=$(os project show -f value -c id "$b")

step "create, list, show, save"
qemu-img create -q -f raw "$work/disk.raw" 8M
head -c 3000000 /dev/urandom | dd of="$work/disk.raw" conv=notrunc status=none
qemu-img convert -f raw -O qcow2 -c "$work/disk.raw" "$work/disk.qcow2"
as "$a" image create --file "$work/disk.qcow2" --disk-format qcow2 --container-format bare --property os_distro=debian --tag one disk >/dev/null
is "$(as "$a" image list -f value -c Name | grep -c "^disk$")" 1
is "$(as "$a" image show disk -f value -c status)" active
is "$(as "$a" image show disk -f value -c virtual_size)" 8388608
is "$(as "$a" image show disk -f value -c checksum)" "$(md5sum <"$work/disk.qcow2" | cut -d' ' -f1)"
as "$a" image save --file "$work/again.qcow2" disk
cmp "$work/disk.qcow2" "$work/again.qcow2"

step "set and unset"
as "$a" image set --name renamed --property color=red --tag two --min-ram 64 disk
is "$(as "$a" image show renamed -f json -c tags -c min_ram | tr -d ' \n')" '{"min_ram":64,"tags":["one","two"]}'
as "$a" image show renamed -f value -c properties | grep "'color': 'red'" >/dev/null
as "$a" image unset --property color --tag one renamed
is "$(as "$a" image show renamed -f value -c properties | grep -c color || true)" 0
as "$a" image set --deactivate renamed
refused as "$a" image save --file "$work/none" renamed
as "$a" image set --activate renamed

step "share and accept"
id=$(as "$a" image show renamed -f value -c id)
refused as "$b" image show "$id"
as "$a" image add project "$id" "$b_id" >/dev/null
as "$b" image set --accept "$id"
is "$(as "$b" image list -f value -c ID | grep -c "$id")" 1
refused as "$b" image delete "$id"
as "$a" image remove project "$id" "$b_id"
refused as "$b" image show "$id"

step "lies are refused"
refused as "$a" image create --file "$work/disk.raw" --disk-format qcow2 liar
grep -q "its content is not" "$work/out"
refused as "$a" image create --file "$work/disk.qcow2" --disk-format raw liar
qemu-img create -q -f qcow2 -b /etc/passwd -F raw "$work/backed.qcow2" 1M
refused as "$a" image create --file "$work/backed.qcow2" --disk-format qcow2 liar
grep -q "backing file" "$work/out"
is "$(as "$a" image list -f value -c Name | grep -c liar || true)" 0
refused as "$a" image set --public renamed

step "protect, delete"
as "$a" image set --protected renamed
refused as "$a" image delete renamed
as "$a" image set --unprotected renamed
as "$a" image delete renamed
for who in "$a" "$b"; do
  os user delete "$who"
  os project delete "$who"
done
echo "images: all of it worked"
