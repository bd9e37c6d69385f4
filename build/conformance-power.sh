#!/bin/bash
# conformance-power.sh [CUTS]: Ciel in a machine of its own whose power is cut (20 times) while objects come and go; what was answered must be there, whole.
# Needs no running Ciel and no KVM; about a minute for each cut.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
root=$(dirname "$here")
cache=${CIEL_CACHE:-$root/.cache}
export CIEL_GUEST_IMAGE=${CIEL_GUEST_IMAGE:-$cache/guest/ciel-guest.qcow2}
[ -s "$CIEL_GUEST_IMAGE" ] || "$here/guest-image.sh" "$CIEL_GUEST_IMAGE"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet publish "$root/src/Ciel" -c Release --self-contained -p:PublishReadyToRun=true -o "$work/ciel" -v quiet >"$work/publish.log" || { cat "$work/publish.log"; exit 1; }
dotnet build "$root/tests/Ciel.Live" -c Release -v quiet -clp:NoSummary
"$root/tests/Ciel.Live/bin/Release/net10.0/linux-x64/Ciel.Live" power-cuts "$work/ciel" "${1:-20}"
