#!/bin/bash
# conformance-s3.sh CHECKOUT [pytest's arguments]: ceph/s3-tests, unmodified, against the running Ciel. The suite is not ours and not kept
# here: CHECKOUT is where you have it. It needs a current boto3; where boto3, botocore and s3transfer lie beside it, those are used.
# Start Ciel with --lifecycle-day 10, or the tests that wait for a lifecycle rule fail. What passes is compared with
# build/s3/passing.txt; build/s3/failing.txt says why the rest fails.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
root=$(dirname "$here")
suite=$(realpath "${1:?usage: conformance-s3.sh PATH-TO-S3-TESTS}")
shift
work=${CIEL_CACHE:-$root/.cache}/s3
mkdir -p "$work"
[ -n "${AWS_ENDPOINT_URL:-}" ] || { settings=$("${CIEL:-$root/ciel}" env); eval "$settings"; }
for library in boto3 botocore s3transfer; do
  [ ! -d "$suite/../$library" ] || PYTHONPATH=$suite/../$library:${PYTHONPATH:-}
done
# The other signer of botocore, in C, passes over what the suite's hooks change.
export PYTHONPATH PYTHONDONTWRITEBYTECODE=1 BOTO_DISABLE_CRT=true S3TEST_CONF=$work/s3tests.conf
/usr/bin/python3 "$here/s3/configure.py" "$S3TEST_CONF" "${AWS_ENDPOINT_URL/127.0.0.1/localhost}"
unset "${!AWS_@}"

run() {
  local report=$1
  shift
  /usr/bin/python3 -m pytest --assert=plain --tb=native -q -p no:cacheprovider --junitxml="$work/$report" -o junit_family=xunit1 "$@" >"$work/$report.log" 2>&1 || true
}

# Not S3: what the suite itself marks as Ceph's own kind of logging, and transitions to other clouds.
core='not bucket_logging and not cloud_transition and not cloud_restore'
cd "$suite"
run first.xml -n "${S3_WORKERS:-4}" -m "$core" s3tests/functional/test_s3.py s3tests/functional/test_headers.py "$@"
# Some tests count all buckets of an account, which others make meanwhile: what failed runs once more, alone.
"$here/s3/report.py" --failed "$work/first.xml" >"$work/again.txt"
again=()
while IFS= read -r name; do again+=("$name"); done <"$work/again.txt"
[ ${#again[@]} = 0 ] || run second.xml "${again[@]}"
# IAM and STS: one account's users, changed by each test in turn, so one worker. Not here: what needs a Keycloak beside the cloud.
S3TEST_CONF=$work/s3tests-iam.conf run iam.xml -m 'not webidentity_test' s3tests/functional/test_iam.py s3tests/functional/test_sts.py "$@"
"$here/s3/report.py" "$work/first.xml" ${again:+"$work/second.xml"} "$work/iam.xml" --passed "$work/passed.txt" --than "$here/s3/passing.txt" --why "$here/s3/failing.txt"
