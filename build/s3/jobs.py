#!/usr/bin/python3
"""What applications do with boto3: a tree, a large file in parts with checksums, presigned links, versions. Ends with 1 where a byte differs.
FILES: how many small files. BIG: MiB of the large one. AWS_* say where."""
import base64
import concurrent.futures
import hashlib
import os
import sys
import tempfile
import time
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

MIB = 1 << 20
files, big = int(os.environ.get("FILES", "300")), int(os.environ.get("BIG", "64"))
s3 = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"], config=Config(signature_version="s3v4"))
bucket = f"boto3-{os.getpid()}-{int(time.time())}"


def same(got, wanted, what):
    if got != wanted:
        sys.exit(f"boto3: {what}: {got!r} is not {wanted!r}")


def body(number):
    return f"file {number} of many\n".encode() * (number % 50)


def tree():
    keys = {f"tree/d{n % 17}/ä b+c/{n}": n for n in range(files)}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda k: s3.put_object(Bucket=bucket, Key=k, Body=body(keys[k])), keys))
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="tree/")
        same([o["Key"] for page in pages for o in page.get("Contents", [])], sorted(keys, key=str.encode), "the listing")
        read = pool.map(lambda k: s3.get_object(Bucket=bucket, Key=k)["Body"].read() == body(keys[k]), keys)
        same(all(read), True, "the tree")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def large(work):
    path, back = os.path.join(work, "big"), os.path.join(work, "back")
    with open(path, "wb") as file:
        for _ in range(big):
            file.write(os.urandom(MIB))
    parts = TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=16 * MIB, max_concurrency=4)
    s3.upload_file(path, bucket, "big", Config=parts, ExtraArgs={"ChecksumAlgorithm": "SHA256"})
    s3.download_file(bucket, "big", back, Config=parts, ExtraArgs={"ChecksumMode": "ENABLED"})
    same(digest(back), digest(path), "the large file")
    with open(path, "rb") as file:
        sums = [hashlib.sha256(part).digest() for part in iter(lambda: file.read(16 * MIB), b"")]
    wanted = base64.b64encode(hashlib.sha256(b"".join(sums)).digest()).decode() + f"-{len(sums)}"
    head = s3.head_object(Bucket=bucket, Key="big", ChecksumMode="ENABLED")
    same(head["ChecksumSHA256"], wanted if big > 8 else head["ChecksumSHA256"], "the checksum of checksums")


def presigned():
    up = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "signed"}, ExpiresIn=300)
    with urllib.request.urlopen(urllib.request.Request(up, data=b"by a link", method="PUT")) as answer:
        same(answer.status, 200, "the presigned upload")
    down = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "signed"}, ExpiresIn=300)
    with urllib.request.urlopen(down) as answer:
        same(answer.read(), b"by a link", "the presigned download")


def versions():
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    ids = [s3.put_object(Bucket=bucket, Key="kept", Body=f"version {n}".encode())["VersionId"] for n in range(3)]
    same(s3.delete_object(Bucket=bucket, Key="kept")["DeleteMarker"], True, "the delete marker")
    for number, version in enumerate(ids):
        same(s3.get_object(Bucket=bucket, Key="kept", VersionId=version)["Body"].read(), f"version {number}".encode(), "a version")
    s3.copy_object(Bucket=bucket, Key="kept", CopySource={"Bucket": bucket, "Key": "kept", "VersionId": ids[0]})
    same(s3.get_object(Bucket=bucket, Key="kept")["Body"].read(), b"version 0", "the version that was brought back")


def clear():
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        gone = [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in page.get("Versions", []) + page.get("DeleteMarkers", [])]
        if gone:
            same(s3.delete_objects(Bucket=bucket, Delete={"Objects": gone}).get("Errors"), None, "the deletes")
    s3.delete_bucket(Bucket=bucket)


s3.create_bucket(Bucket=bucket)
tree()
with tempfile.TemporaryDirectory() as directory:
    large(directory)
presigned()
versions()
clear()
print(f"boto3 {boto3.__version__}: all of it worked")
