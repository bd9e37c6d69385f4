#!/bin/bash
# guest-image.sh OUT.qcow2: Ciel's own small bootable machine image, made from Debian packages only.
# A whole disk: boot sector, FAT with syslinux, kernel and initrd, and an ext4 root. No mounts, no loop devices, no root needed.
# Same packages and same files give the same root file system. CIEL_CACHE says where downloaded packages are kept.
set -euo pipefail
out=$(realpath -m "${1:?usage: guest-image.sh OUT.qcow2}")
here=$(dirname "$(realpath "$0")")
# Owners must be root's in the image, whoever builds it.
[ "$(id -u)" = 0 ] || [ -n "${FAKEROOTKEY:-}" ] || exec fakeroot "$0" "$@"

# shellcheck source=build/guest/parts.sh
. "$here/guest/parts.sh"

debs=${CIEL_CACHE:-$here/../.cache}/debs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$debs" "$work"/{pool,root,boot,initrd} "$(dirname "$out")"
export SOURCE_DATE_EPOCH=1735689600 LC_ALL=C TZ=UTC

kernel_package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image-/ { print $2; exit }')
release=${kernel_package#linux-image-}
fetch_packages "$kernel_package"
make_root
make_initrd
make_boot
make_disk
