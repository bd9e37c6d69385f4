#!/bin/bash
# conformance-tempest.sh [list|smoke|api|REGEX] [--json FILE] [--than FILE]: Debian's Tempest, unmodified, against a running cloud.
# The cloud is the one that OS_* names, or the running Ciel. The configuration is written from what the cloud says of itself.
# The tests that passed are kept in .cache/tempest/passed-SET.txt; give an earlier list by --than to see what was lost.
set -euo pipefail
caller=$PWD
here=$(dirname "$(realpath "$0")")
root=$(dirname "$here")
cache=${CIEL_CACHE:-$root/.cache}
work=$cache/tempest
mkdir -p "$work/locks"
export CIEL_GUEST_IMAGE=${CIEL_GUEST_IMAGE:-$cache/guest/ciel-guest.qcow2}

set_name=${1:-smoke}
[ $# = 0 ] || shift
case $set_name in
  smoke | list) regex='\[.*\bsmoke\b.*\]' ;;
  api) regex='^tempest\.api\.' ;;
  *) regex=$set_name set_name=chosen ;;
esac
workers=${TEMPEST_WORKERS:-2}

cd "$work"
tests=/usr/lib/python3/dist-packages/tempest
# One worker takes a whole class, because its tests share what its set-up made.
printf '[DEFAULT]\ntest_path=%s/test_discover\ntop_dir=%s\ngroup_regex=([^\\.]*\\.)*\n' "$tests" "${tests%/tempest}" >.stestr.conf
export TEMPEST_CONFIG_DIR=$work TEMPEST_CONFIG=tempest.conf OS_TEST_TIMEOUT=900 PYTHONWARNINGS=ignore OS_LOG_CAPTURE=1
: >>tempest.log

rm -rf .stestr && stestr init

if [ "$set_name" = list ]; then
  # The list is the same for every cloud.
  rm -f tempest.conf
  stestr list "$regex" 2>/dev/null | grep '^tempest\.' | sort
  exit
fi

if [ -z "${OS_AUTH_URL:-}" ]; then
  settings=$("$root/ciel" env) || { echo "conformance: no running Ciel, and OS_AUTH_URL is not set" >&2; exit 1; }
  eval "$settings"
fi
"$here/tempest/configure.py" "$work"
: >tempest.log
stestr list "$regex" 2>/dev/null | grep '^tempest\.' >"list-$set_name.txt" || { echo "conformance: no test matches $regex" >&2; exit 2; }
echo "conformance: $(wc -l <"list-$set_name.txt") tests, $workers at a time; log: $work/tempest.log" >&2
# Failures are the report's to tell.
stestr run --concurrency "$workers" --subunit "$regex" >stream.subunit || true
cd "$caller"
"$here/tempest/report.py" "$work/list-$set_name.txt" "$work/stream.subunit" --passed "$work/passed-$set_name.txt" "$@"
