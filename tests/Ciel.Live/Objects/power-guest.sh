#!/bin/bash
# power-guest.sh OUT PROGRAM STATE: a machine that runs Ciel and nothing else, to have its power cut. OUT gets vmlinuz, initrd.gz, disk.raw and cert.pem.
# PROGRAM: `dotnet publish --self-contained`. STATE: a directory with `data` and `etc` of an instance that ran once.
# The kernel and the small tools are those of our own guest image (CIEL_GUEST_IMAGE); libraries that .NET loads are this host's.
set -euo pipefail
out=${1:?} program=${2:?} state=${3:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out" "$work"/{root,initrd}
qemu-img convert -O raw "${CIEL_GUEST_IMAGE:?}" "$work/guest.raw"
mcopy -n -i "$work/guest.raw@@1M" ::vmlinuz ::initrd.gz "$out"
dd if="$work/guest.raw" of="$work/guest.ext4" bs=1M skip=17 status=none
debugfs -R "rdump / $work/root" "$work/guest.ext4" 2>/dev/null

# A second archive of the initrd wins over the first: it mounts the whole disk, with ext4's usual barriers and journal.
cat >"$work/initrd/init" <<'I'
#!/bin/busybox sh
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
for module in $(cat /modules/order); do insmod "/modules/$module"; done
tries=0
until [ -b /dev/vda ] || [ $tries -ge 100 ]; do usleep 50000; tries=$((tries + 1)); done
mount -t ext4 -o noatime,noinit_itable /dev/vda /root || poweroff -f
for tree in proc sys dev; do mount --move /$tree /root/$tree; done
exec switch_root /root /power-init
I
chmod 755 "$work/initrd/init"
(cd "$work/initrd" && echo init | cpio -o -H newc --quiet -R 0:0) | gzip -9n >>"$out/initrd.gz"

cat >"$work/root/power-init" <<'I'
#!/bin/sh
export PATH=/bin HOME=/root DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_TieredPGO=0
mkdir -p /dev/shm && mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /tmp
modprobe virtio_net
modprobe virtio-rng
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
echo "power-init: starting Ciel"
exec /ciel/ciel serve --name power --data /state/data --config /state/etc --simulate 1 --port-base 8780 --bind 10.0.2.15 --host-name power.test \
  --tls-cert /state/cert.pem --tls-key /state/key.pem --blob-grace 30
I
chmod 755 "$work/root/power-init"
cp -r "$program" "$work/root/ciel"
cp -r "$state" "$work/root/state"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=power.test \
  -keyout "$work/root/state/key.pem" -out "$work/root/state/cert.pem" 2>/dev/null
cp "$work/root/state/cert.pem" "$out"
for library in libstdc++.so.6 libgcc_s.so.1 libssl.so.3 libcrypto.so.3 libz.so.1 libm.so.6 libc.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2; do
  cp -L "/lib/x86_64-linux-gnu/$library" "$work/root/usr/lib/x86_64-linux-gnu/" 2>/dev/null || cp -L "/usr/lib/x86_64-linux-gnu/$library" "$work/root/usr/lib/x86_64-linux-gnu/"
done
cp -L /lib64/ld-linux-x86-64.so.2 "$work/root/usr/lib64/"
rm -f "$out/disk.raw"
truncate -s 4G "$out/disk.raw"
mke2fs -q -t ext4 -b 4096 -d "$work/root" "$out/disk.raw"
