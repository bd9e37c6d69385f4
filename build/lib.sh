# What every verb of ./dev stands on. Sourced with `root` set to the repository's directory.
# shellcheck shell=bash disable=SC2154
cache=${CIEL_CACHE:-$root/.cache}
# Invariant: the SDK would otherwise want ICU, which a small machine has not.
export CIEL_CACHE=$cache DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
program=$cache/program/current
guest_image=$cache/guest/ciel-guest.qcow2

say() { echo "dev: $*" >&2; }
die() {
  say "$*"
  exit 1
}

# ciel VERB…: the built program as root, which the host's namespaces and users need.
ciel() { as_root env "CIEL_CACHE=$cache" "$root/ciel" "$@"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# need LIST…: installs what is missing of the package lists in build/packages; silent when nothing is.
need() {
  local list missing
  for list; do
    missing=$(comm -23 <(sort -u "$root/build/packages/$list") \
      <(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' 2>/dev/null | awk '$1 == "ii" { print $2 }' | sort -u) | tr '\n' ' ')
    [ -n "$missing" ] || continue
    say "installing Debian packages ($list): $missing"
    as_root apt-get update -q >"$cache/apt.log" 2>&1 || die "apt-get update failed: $(tail -n 3 "$cache/apt.log")"
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing >>"$cache/apt.log" 2>&1 ||
      die "apt-get install failed: $(tail -n 5 "$cache/apt.log")"
  done
}

# A .NET SDK 10: the one on PATH, or an operator's archive unpacked once.
need_dotnet() {
  own_dotnet
  [[ $'\n'$(dotnet --list-sdks 2>/dev/null) != *$'\n10.'* ]] || return 0
  if [ -z "${CIEL_DOTNET_SDK:-}" ] && [[ $(apt-cache policy dotnet-sdk-10.0) == *"Candidate: "[0-9]* ]]; then
    quietly "installing the .NET SDK" as_root apt-get install -y -q --no-install-recommends dotnet-sdk-10.0
    return
  fi
  [ -n "${CIEL_DOTNET_SDK:-}" ] || die "the .NET SDK 10 is missing, and no package source of this machine has dotnet-sdk-10.0. Add your distribution's or Microsoft's" \
    "feed, or set CIEL_DOTNET_SDK to the path or address of dotnet-sdk-10.0.*-linux-x64.tar.gz on your mirror, and run this again."
  need dotnet
  say "unpacking the .NET SDK from $CIEL_DOTNET_SDK"
  mkdir -p "$cache/dotnet"
  case $CIEL_DOTNET_SDK in
    http*://*) curl -fsSL "$CIEL_DOTNET_SDK" | tar -xz -C "$cache/dotnet" ;;
    *) tar -xzf "$CIEL_DOTNET_SDK" -C "$cache/dotnet" ;;
  esac || die "that archive could not be unpacked"
  own_dotnet
}

own_dotnet() {
  [ ! -x "$cache/dotnet/dotnet" ] || export DOTNET_ROOT=$cache/dotnet PATH=$cache/dotnet:$PATH
}

# quietly WHAT COMMAND…: its output is shown only when it fails.
quietly() {
  local what=$1 log=$cache/last.log
  shift
  say "$what"
  "$@" >"$log" 2>&1 || {
    tail -n 60 "$log" >&2
    die "$what: failed"
  }
}

# The program, in a directory of its own for each build: one that is running keeps the files that it loaded.
publish() {
  need_dotnet
  local dir old
  dir=$cache/program/$(date +%Y%m%d-%H%M%S)
  quietly "building Ciel" dotnet publish "$root/src/Ciel" -c Release -o "$dir" -v quiet
  if diff -rq "$dir" "$program/" >/dev/null 2>&1; then
    rm -rf "$dir"
    return
  fi
  ln -sfn "${dir##*/}" "$program"
  for old in $(find "$cache/program" -mindepth 1 -maxdepth 1 -type d | sort | head -n -1); do
    runs "$old" || rm -rf "$old"
  done
}

# Whether a process runs a program of that directory.
runs() { [ -n "$(as_root find /proc -maxdepth 2 -name exe -lname "$1/*" -print -quit 2>/dev/null)" ]; }

# The guest image, built again when its recipe changes.
guest_image() {
  local recipe
  recipe=$(cd "$root/build" && find guest guest-image.sh -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c1-16)
  [ "$(cat "$cache/guest/recipe" 2>/dev/null)" != "$recipe" ] || [ ! -s "$guest_image" ] || return 0
  need image
  # Package lists may be empty although nothing is missing, as in a container's image.
  [[ $(apt-cache policy linux-image-cloud-amd64) == *"Candidate: "[0-9]* ]] || quietly "fetching package lists" as_root apt-get update -q
  quietly "building the guest image" "$root/build/guest-image.sh" "$guest_image"
  echo "$recipe" >"$cache/guest/recipe"
}
