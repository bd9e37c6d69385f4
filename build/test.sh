# ./dev test: builds once, runs both test programs with a bounded time, and says how many passed and failed, last.
# shellcheck shell=bash disable=SC2154
need run test
need_dotnet
guest_image
export CIEL_GUEST_IMAGE=${CIEL_GUEST_IMAGE:-$guest_image}
passed=0 failed=0 logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# suite PROJECT SECONDS [OPTIONS]: adds its counts; a run that breaks off counts as one failure more.
suite() {
  local name=$1 limit=$2 log=$logs/$1 code=0 counts program
  shift 2
  program=$root/tests/$name/bin/Release/net10.0/linux-x64/$name
  # Real machines and namespaces need root.
  as_root env "PATH=$PATH" "DOTNET_ROOT=${DOTNET_ROOT:-}" "CIEL_GUEST_IMAGE=$CIEL_GUEST_IMAGE" \
    timeout -k 10 "$limit" "$program" -noColor "$@" >"$log" 2>&1 || code=$?
  cat "$log"
  counts=$(sed -nE 's/.* Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/p' "$log" | tail -n 1)
  if [ -z "$counts" ]; then
    say "$name broke off (exit $code, limit $limit s)"
    failed=$((failed + 1 + $(grep -c '\[FAIL\]' "$log" || true)))
    return
  fi
  # shellcheck disable=SC2086
  set -- $counts
  passed=$((passed + $1 - $3 - $4 - $5))
  failed=$((failed + $2 + $3))
  [ $code = 0 ] || [ $failed -gt 0 ] || failed=1
}

# failures LOG...: each failed test with the first lines of its reason, which xUnit prints six columns in.
failures() {
  awk '/^    [^ ].*\[FAIL\]$/ { left = 20 } !/^    / { left = 0 } left-- > 0' "$@"
}

quietly "building" dotnet build "$root/Ciel.slnx" -c Release -v quiet -clp:NoSummary
if ! dotnet format whitespace "$root/Ciel.slnx" --no-restore --verify-no-changes; then
  say "not formatted: run ./dev fmt"
  failed=$((failed + 1))
fi
suite Ciel.Tests 900
# Emulated machines take whole cores: two tests side by side would time each other out.
suite Ciel.Live 900 -parallelMode none
# What failed comes once more at the end: a log of thousands of lines is often cut to its last ones.
failures "$logs"/*
echo "$passed passed, $failed failed"
[ $failed = 0 ]
