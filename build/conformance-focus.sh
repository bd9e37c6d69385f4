#!/bin/bash
# conformance-focus.sh MODEL.json [EXPORT.csv]: the FinOps Foundation's rule model (model-1.2.json of its validator, which you have fetched)
# against our FOCUS export; left out, of the invoices of the sample cloud that the tests make.
set -euo pipefail
root=$(dirname "$(dirname "$(realpath "$0")")")
# shellcheck source=build/lib.sh
. "$root/build/lib.sh"
model=${1:?where is the rule model? ./dev conformance focus PATH-TO-RULES}
[ -f "$model" ] || model=$model/model-1.2.json
[ -f "$model" ] || die "there is no rule model at $1"
export=${2:-}
if [ -z "$export" ]; then
  need_dotnet
  export=$cache/focus-sample.csv
  rm -f "$export"
  CIEL_FOCUS_SAMPLE=$export dotnet run --project "$root/tests/Ciel.Tests" -- -method 'Ciel.Tests.Billing.FocusTests.A_sample_cloud_is_exported_to_the_last_cent' >"$cache/focus.log" 2>&1 ||
    die "the sample could not be made: $(tail -n 5 "$cache/focus.log")"
fi
exec python3 "$root/build/focus/rules.py" "$model" "$export"
