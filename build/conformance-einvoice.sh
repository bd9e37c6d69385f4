#!/bin/bash
# conformance-einvoice.sh RULES.xslt: the norm's own validator (EN16931-CII-validation.xslt of CEN's rules, which you have fetched) on the golden
# e-invoices of the tests; then on one with a wrong sum, which it must refuse. Needs java and Saxon-HE (SAXON=JAR).
set -euo pipefail
root=$(dirname "$(dirname "$(realpath "$0")")")
# shellcheck source=build/lib.sh
. "$root/build/lib.sh"
rules=${1:?where are the rules? ./dev conformance einvoice PATH-TO-XSLT}
saxon=${SAXON:-/usr/share/java/Saxon-HE.jar}
[ -f "$rules" ] || die "there are no rules at $rules"
[ -f "$saxon" ] || die "there is no Saxon-HE at $saxon (apt-get install libsaxonhe-java default-jre-headless, or SAXON=JAR)"
need_dotnet
samples=$cache/einvoice
rm -rf "$samples"
mkdir -p "$samples"
CIEL_EINVOICE_SAMPLES=$samples dotnet run --project "$root/tests/Ciel.Tests" -- -class Ciel.Tests.Billing.EInvoiceGolden >"$cache/einvoice.log" 2>&1 ||
  die "the samples could not be made: $(tail -n 5 "$cache/einvoice.log")"

# Says how many rules were broken; a report in which nothing was judged is no success.
broken() {
  java -cp "$saxon" net.sf.saxon.Transform "-s:$1" "-xsl:$rules" "-o:$1.svrl" 2>"$1.log" || die "$1 could not be judged: $(tail -n 3 "$1.log")"
  grep -q fired-rule "$1.svrl" || die "the rules judged nothing of $1"
  grep -c failed-assert "$1.svrl" || true
}

failed=0
for file in "$samples"/*.xml; do
  count=$(broken "$file")
  echo "$(basename "$file"): $count rules broken"
  [ "$count" = 0 ] || failed=1
done
sed 's/<ram:DuePayableAmount>[^<]*/<ram:DuePayableAmount>1.23/' "$samples/mixed.xml" >"$samples/spoilt"
[ "$(broken "$samples/spoilt")" != 0 ] || die "a wrong sum was not noticed"
echo "a wrong sum is noticed"
exit $failed
