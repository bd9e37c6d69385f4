# The parts of guest-image.sh. They read its variables: here, debs, work, out, release.
# shellcheck shell=bash disable=SC2154

# Downloads what is not in the cache yet and unpacks all of it into the pool.
fetch_packages() {
  local package version file missing=()
  apt-cache policy "$1" $(cat "$here/guest/packages") |
    awk '/^[^ ]/ { sub(":$", "", $1); name = $1 } /Candidate:/ { print name, $2 }' >"$work/versions"
  while read -r package version; do
    [ -s "$(deb "$package" "$version")" ] || missing+=("$package=$version")
  done <"$work/versions"
  # As root, apt would hand the download to its own user, who cannot write here.
  [ ${#missing[@]} = 0 ] || (cd "$debs" && apt-get download -qq -o APT::Sandbox::User=root "${missing[@]}")
  while read -r package version; do
    file=$(deb "$package" "$version")
    dpkg-deb -x "$file" "$work/pool"
  done <"$work/versions"
}

deb() { echo "$debs/$1_${2//:/%3a}_amd64.deb"; }

# Copies a program with every library that it loads.
program() {
  local from=$work/pool/$1 to=$work/root/usr/bin/${1##*/} library loader=$work/pool/lib64/ld-linux-x86-64.so.2
  install -D -m 755 "$from" "$to"
  "$loader" --library-path "$work/pool/lib/x86_64-linux-gnu:$work/pool/usr/lib/x86_64-linux-gnu" --list "$from" |
    awk '/=>/ { print $3 == "not" ? $1 : $3 }' | while read -r library; do
    case $library in
      "$work"/*) install -D -m 755 "$library" "$work/root/usr/lib/x86_64-linux-gnu/${library##*/}" ;;
      *) echo "guest-image: $1 needs ${library##*/}, whose package is not in build/guest/packages" >&2 && exit 1 ;;
    esac
  done
}

# Copies kernel modules with what they depend on, without debug symbols.
modules() {
  local kernel=lib/modules/$release module name
  mkdir -p "$work/root/usr/$kernel"
  cp "$work/pool/$kernel"/modules.{builtin,order} "$work/root/usr/$kernel/"
  "$work/root/usr/bin/busybox" depmod -b "$work/pool" "$release"
  while read -r name; do
    for module in $(module_files "$name"); do
      install -D -m 644 "$work/pool/$kernel/$module" "$work/root/usr/$kernel/$module"
    done
  done <"$here/guest/modules"
  find "$work/root/usr/$kernel" -name '*.ko' -exec strip --strip-debug {} +
}

# The module's file and its dependencies' files, dependencies first, relative to lib/modules/RELEASE.
module_files() {
  awk -F: -v name="$1" '{ file = $1; sub(".*/", "", file) } file == name ".ko" { n = split($2, needs, " ");
    for (i = n; i > 0; i--) print needs[i]; print $1; found = 1 } END { exit !found }' "$work/pool/lib/modules/$release/modules.dep" ||
    { echo "guest-image: the kernel has no module $1" >&2 && exit 1; }
}

make_root() {
  local root=$work/root applet
  mkdir -p "$root"/{dev,proc,sys,run,tmp,mnt,root,home/ciel,etc/dropbear,usr/bin,usr/lib/x86_64-linux-gnu,var/log,var/lib/guest}
  ln -s usr/bin "$root/bin" && ln -s usr/bin "$root/sbin" && ln -s bin "$root/usr/sbin"
  ln -s usr/lib "$root/lib" && mkdir "$root/usr/lib64" && ln -s usr/lib64 "$root/lib64" && ln -s ../run "$root/var/run"
  install -m 755 "$work/pool/bin/busybox" "$root/usr/bin/busybox"
  for applet in $("$root/usr/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/usr/bin/$applet"
  done
  for applet in usr/sbin/dropbear usr/bin/dropbearkey sbin/resize2fs sbin/mke2fs sbin/e2fsck; do
    rm -f "$root/usr/bin/${applet##*/}" && program $applet
  done
  ln -sf mke2fs "$root/usr/bin/mkfs.ext4"
  install -m 755 "$work/pool/lib64/ld-linux-x86-64.so.2" "$root/usr/lib64/"
  modules
  cp -a --no-preserve=ownership "$here/guest/root/." "$root/"
  "$root/usr/bin/busybox" depmod -b "$root" "$release"
  identity_file >"$root/etc/os-release"
  cp "$work/versions" "$root/etc/packages"
  chown -R 0:0 "$root" && chown -R 1000:1000 "$root/home/ciel" && chmod 700 "$root/root" "$root/home/ciel" && chmod 600 "$root/etc/shadow"
  find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

identity_file() {
  local version
  version=$(cat "$here/guest/version")
  printf 'NAME="Ciel guest"\nID=ciel-guest\nVERSION_ID=%s\nPRETTY_NAME="Ciel guest %s"\nBUILD_ID=%s\n' \
    "$version" "$version" "$(build_id)"
}

# Tells images apart that were made from other packages or other files.
build_id() { (cd "$here" && cat "$work/versions" && find guest guest-image.sh -type f -print0 | sort -z | xargs -0 cat) | sha256sum | cut -c1-12; }

# Only what finds the root disk: the file system itself is built into this kernel.
make_initrd() {
  local initrd=$work/initrd name module applet
  mkdir -p "$initrd"/{bin,dev,proc,sys,root,modules}
  cp "$work/root/usr/bin/busybox" "$initrd/bin/"
  for applet in sh cat mount insmod usleep printf dd blockdev switch_root sleep poweroff; do ln -s busybox "$initrd/bin/$applet"; done
  for name in virtio_pci virtio_blk; do
    for module in $(module_files $name); do
      cp "$work/pool/lib/modules/$release/$module" "$initrd/modules/"
      echo "${module##*/}"
    done
  done | awk '!seen[$0]++' >"$initrd/modules/order"
  strip --strip-debug "$initrd"/modules/*.ko
  install -m 755 "$here/guest/initrd/init" "$initrd/init"
  find "$initrd" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  (cd "$initrd" && find . | sort | cpio -o -H newc --reproducible --quiet -R 0:0) | gzip -9n >"$work/initrd.gz"
}

make_boot() {
  truncate -s 16M "$work/boot.img"
  mkfs.fat -F 12 -s 16 -n CIELBOOT -i c1e10001 --invariant "$work/boot.img" >/dev/null
  cat >"$work/syslinux.cfg" <<S
SERIAL 0 115200
DEFAULT ciel
PROMPT 0
LABEL ciel
 LINUX /vmlinuz
 INITRD /initrd.gz
 APPEND $(cat "$here/guest/cmdline")
S
  cp "$work/pool/boot/vmlinuz-$release" "$work/vmlinuz"
  touch -d "@$SOURCE_DATE_EPOCH" "$work/vmlinuz" "$work/initrd.gz" "$work/syslinux.cfg"
  mcopy -m -i "$work/boot.img" "$work"/{vmlinuz,initrd.gz,syslinux.cfg} ::
  syslinux --install "$work/boot.img"
}

make_disk() {
  local disk=$work/disk.raw root_mb=111
  truncate -s ${root_mb}M "$work/root.img"
  # 4 KiB blocks and room for descriptors up to 1 TiB, so that resize2fs can grow it while it is mounted.
  E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH mke2fs -q -t ext4 -L ciel-root -b 4096 -i 32768 -J size=4 \
    -U c1e10001-0000-4000-8000-000000000001 -E resize=268435456,hash_seed=c1e10001-0000-4000-8000-000000000002,lazy_itable_init=1 \
    -d "$work/root" "$work/root.img"
  truncate -s $((1 + 16 + root_mb))M "$disk"
  printf 'label: dos\nlabel-id: 0xc1e10001\n2048,%d,1,*\n%d,%d,83\n' $((16 * 2048)) $((17 * 2048)) $((root_mb * 2048)) | sfdisk -q "$disk"
  dd if=/usr/lib/syslinux/mbr/mbr.bin of="$disk" bs=440 count=1 conv=notrunc status=none
  dd if="$work/boot.img" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
  dd if="$work/root.img" of="$disk" bs=1M seek=17 conv=notrunc,sparse status=none
  qemu-img convert -f raw -O qcow2 -c "$disk" "$out.part"
  mv "$out.part" "$out"
}
