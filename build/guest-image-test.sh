#!/bin/bash
# guest-image-test.sh IMAGE.qcow2: boots the image under TCG on a larger disk, in two boots, and checks what a user relies on:
# ready within a minute, an address by DHCP, the root grown to the disk, a clean power-off, and a root that persists.
set -euo pipefail
image=$(realpath "${1:?usage: guest-image-test.sh IMAGE.qcow2}")
work=$(mktemp -d)
trap '[ -z "${COPROC_PID:-}" ] || kill "$COPROC_PID" 2>/dev/null; rm -rf "$work"' EXIT
qemu-img create -q -f qcow2 -b "$image" -F qcow2 "$work/disk.qcow2" 1G

fail() {
  echo "guest-image-test: $*" >&2
  tail -n 40 "$work/serial" >&2
  exit 1
}

# await SECONDS PATTERN: until the serial log has it.
await() {
  local end=$((SECONDS + $1))
  until grep -q "$2" "$work/serial"; do
    [ $SECONDS -lt $end ] || fail "'$2' did not appear within $1 s"
    sleep 0.2
  done
}

# QMP is QEMU's standard input and output; the network answers DHCP and reaches nothing (restrict).
start() {
  : >"$work/serial"
  coproc qemu-system-x86_64 -accel tcg,thread=multi,tb-size=64 -M pc -m 128 -nodefaults -no-user-config -display none \
    -blockdev driver=qcow2,node-name=d,file.driver=file,file.filename="$work/disk.qcow2" -device virtio-blk-pci,drive=d,bootindex=0 \
    -netdev user,id=n,restrict=on -device virtio-net-pci,netdev=n,romfile= -device virtio-rng-pci \
    -chardev file,id=c,path="$work/serial" -serial chardev:c -qmp stdio
  echo '{"execute":"qmp_capabilities"}' >&"${COPROC[1]}"
}

power_off() {
  local qemu=$COPROC_PID end=$((SECONDS + 20))
  echo '{"execute":"system_powerdown"}' >&"${COPROC[1]}"
  while kill -0 "$qemu" 2>/dev/null; do
    [ $SECONDS -lt $end ] || fail "the power button did not end it within 20 s"
    sleep 0.1
  done
  COPROC_PID=
}

start
await 40 'ciel-guest: address 10.0.2.15'
await 30 'ciel-guest: ready'
await 10 'login:'
grep -o 'ciel-guest: .*' "$work/serial"
key=$(grep -o 'SHA256:.*' "$work/serial")
power_off
grep -q 'ciel-guest: stopping' "$work/serial" || fail "it ended without a shutdown"

start
await 40 'ciel-guest: ready'
[ "$key" = "$(grep -o 'SHA256:.*' "$work/serial")" ] || fail "the host key did not survive a reboot"
power_off
qemu-img check -q "$work/disk.qcow2" || fail "the disk is damaged"
qemu-img convert -O raw "$work/disk.qcow2" "$work/disk.raw"
dd if="$work/disk.raw" of="$work/root.img" bs=1M skip=17 conv=sparse status=none
e2fsck -fn "$work/root.img" >"$work/fsck" 2>&1 || fail "the root file system is damaged: $(cat "$work/fsck")"
for program in sudo curl lsblk dhclient dropbear resize2fs; do
  debugfs -R "stat /usr/bin/$program" "$work/root.img" 2>/dev/null | grep 'Type: regular' >/dev/null || fail "there is no $program"
done
mb=$(dumpe2fs -h "$work/root.img" 2>/dev/null | awk '/^Block count:/ { print int($3 / 256) }')
[ "$mb" -gt 1000 ] || fail "the root has $mb MiB on a disk of 1 GiB"
echo "guest-image-test: good, in $SECONDS s"
