#!/bin/bash
# conformance-clients.sh [aws-and-others] [boto3] [npm] [nuget]: S3's clients do real jobs against the running Ciel, or the one that AWS_* names; all where none is named.
# FILES: how many small files (300). BIG: MiB of the large one (64); it needs several times that on the disk. Libraries are installed into a directory that is removed.
# A newer boto3 than Debian's is taken from PYTHONPATH.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
root=$(dirname "$here")
[ -n "${AWS_ENDPOINT_URL:-}" ] || { settings=$("${CIEL:-$root/ciel}" env); eval "$settings"; }
unset AWS_CA_BUNDLE AWS_PROFILE AWS_SESSION_TOKEN
export FILES=${FILES:-300} BIG=${BIG:-64} DOTNET_CLI_TELEMETRY_OPTOUT=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- aws-and-others boto3 npm nuget

for client; do
  case $client in
    aws-and-others) "$root/tests/Ciel.Live/Objects/clients.sh" ;;
    boto3) /usr/bin/python3 "$here/s3/jobs.py" ;;
    npm)
      command -v npm >/dev/null || { echo "npm is missing: install Debian's package npm" >&2; exit 1; }
      cp "$here/s3/jobs.mjs" "$work"
      (cd "$work" && npm install --silent --no-audit --no-fund --no-save @aws-sdk/client-s3 @aws-sdk/lib-storage @aws-sdk/s3-request-presigner && node jobs.mjs)
      ;;
    nuget)
      mkdir "$work/nuget"
      cp "$here/s3/Jobs.cs" "$work/nuget"
      (cd "$work/nuget" && dotnet run Jobs.cs)
      ;;
    *) echo "there is no client $client" >&2; exit 2 ;;
  esac
done
