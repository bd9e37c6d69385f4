#!/bin/bash
# S3 as its users know it: Debian's aws, rclone, s3cmd, restic and s3fs against the objects door that AWS_* names; bytes are compared each time.
# FILES: how many small files are synchronised (300). BIG: MiB of the large one (64). Buckets of its own, all deleted.
set -euo pipefail
files=${FILES:-300} big=${BIG:-64}
work=$(mktemp -d)
bucket=clients-$$-$(date +%s)
trap 'mountpoint -q "$work/mount" && umount "$work/mount"; rm -rf "$work"' EXIT
unset AWS_CA_BUNDLE AWS_PROFILE AWS_SESSION_TOKEN
step() { echo "--- $*"; }
s3() { /usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
same() { diff -rq "$1" "$2" >/dev/null || { echo "$1 and $2 differ"; exit 1; }; }
host=${AWS_ENDPOINT_URL#*://}

step "a tree of $files small files and one of $big MiB"
mkdir -p "$work/tree"
for ((i = 0; i < files; i++)); do
  dir=$work/tree/d$((i % 17))/ä\ b+c
  mkdir -p "$dir"
  echo "file $i of many" >"$dir/file-$i.txt"
done
: >"$work/tree/empty"
head -c "${big}M" /dev/urandom >"$work/big"
sum=$(sha256sum <"$work/big")

step "aws: make, sync, list, large file in parts, ranges, delete"
s3 s3 mb "s3://$bucket" >/dev/null
s3 s3 sync --only-show-errors "$work/tree" "s3://$bucket/tree"
[ "$(s3 s3 ls --recursive "s3://$bucket/tree" | wc -l)" = $((files + 1)) ]
s3 s3 sync --only-show-errors "s3://$bucket/tree" "$work/aws"
same "$work/tree" "$work/aws"
s3 s3 cp --only-show-errors "$work/big" "s3://$bucket/big"
[ "$(s3 s3 cp --only-show-errors "s3://$bucket/big" - | sha256sum)" = "$sum" ]
s3 s3api get-object --bucket "$bucket" --key big --range bytes=1000000-1999999 "$work/range" >/dev/null
cmp "$work/range" <(tail -c +1000001 "$work/big" | head -c 1000000)

step "presigned, with no key at hand"
url=$(s3 s3 presign --expires-in 300 "s3://$bucket/tree/empty")
[ "$(curl -fsS -o /dev/null -w '%{http_code}' "$url")" = 200 ]
[ "$(curl -sS -o /dev/null -w '%{http_code}' "${url%?}x")" = 403 ]

step "rclone: copy, check, server-side copy, purge"
export RCLONE_CONFIG=$work/rclone.conf RCLONE_CONFIG_CIEL_TYPE=s3 RCLONE_CONFIG_CIEL_PROVIDER=Other RCLONE_CONFIG_CIEL_ENV_AUTH=true \
  RCLONE_CONFIG_CIEL_ENDPOINT=$AWS_ENDPOINT_URL RCLONE_CONFIG_CIEL_REGION=$AWS_DEFAULT_REGION
: >"$RCLONE_CONFIG"
rclone -q copy "$work/tree" "ciel:$bucket/rclone"
rclone -q check --download "$work/tree" "ciel:$bucket/rclone"
rclone -q copy "ciel:$bucket/rclone" "ciel:$bucket/rclone-copy"
rclone -q check "$work/tree" "ciel:$bucket/rclone-copy"
rclone -q copyto "$work/big" "ciel:$bucket/rclone-big"
[ "$(rclone -q cat "ciel:$bucket/rclone-big" | sha256sum)" = "$sum" ]
rclone -q purge "ciel:$bucket/rclone"
[ -z "$(rclone -q lsf "ciel:$bucket/rclone" 2>/dev/null)" ]

step "s3cmd: put, sync, get, info, del"
cat >"$work/s3cfg" <<C
[default]
access_key = $AWS_ACCESS_KEY_ID
secret_key = $AWS_SECRET_ACCESS_KEY
host_base = $host
host_bucket = $host
use_https = $([ "${AWS_ENDPOINT_URL%%:*}" = https ] && echo True || echo False)
C
s3cmd -q -c "$work/s3cfg" sync "$work/tree/" "s3://$bucket/s3cmd/"
mkdir "$work/s3cmd"
s3cmd -q -c "$work/s3cfg" sync "s3://$bucket/s3cmd/" "$work/s3cmd/"
same "$work/tree" "$work/s3cmd"
s3cmd -q -c "$work/s3cfg" put --multipart-chunk-size-mb=8 "$work/big" "s3://$bucket/s3cmd-big"
s3cmd -c "$work/s3cfg" info "s3://$bucket/s3cmd-big" | grep "File size: *$((big * 1048576))" >/dev/null
s3cmd -q -c "$work/s3cfg" get "s3://$bucket/s3cmd-big" "$work/again"
cmp "$work/big" "$work/again"
s3cmd -q -c "$work/s3cfg" del --recursive "s3://$bucket/s3cmd/"

step "restic: back up twice, check every byte, restore"
export RESTIC_REPOSITORY=s3:$AWS_ENDPOINT_URL/$bucket/restic RESTIC_PASSWORD=only-for-this-test RESTIC_CACHE_DIR=$work/restic-cache
restic -q init
restic -q backup "$work/tree" "$work/big"
restic -q backup "$work/tree"
restic -q check --read-data
restic -q restore latest --path "$work/tree" --target "$work/restic"
same "$work/tree" "$work/restic$work/tree"
restic -q forget --keep-last 1 --prune

step "s3fs: mount, write, read, rename, remove"
if [ -c /dev/fuse ]; then
  mkdir "$work/mount"
  s3 s3api put-object --bucket "$bucket" --key fs/ >/dev/null
  s3fs "$bucket:/fs" "$work/mount" -o url="$AWS_ENDPOINT_URL",use_path_request_style,endpoint="$AWS_DEFAULT_REGION"
  cp -r "$work/tree/d0" "$work/mount/d0"
  same "$work/tree/d0" "$work/mount/d0"
  head -c 20M "$work/big" >"$work/mount/large"
  mv "$work/mount/large" "$work/mount/moved"
  cmp "$work/mount/moved" <(head -c 20M "$work/big")
  rm -r "$work/mount/d0" "$work/mount/moved"
  [ -z "$(ls "$work/mount")" ]
  umount "$work/mount"
else
  echo "(no /dev/fuse on this host: s3fs is not tried)"
fi

step "delete all"
s3 s3 rb --force "s3://$bucket" >/dev/null
! s3 s3api head-bucket --bucket "$bucket" 2>/dev/null
echo "clients: all of it worked"
