#!/usr/bin/python3
"""configure.py OUT OBJECTS_URL: writes the suite's configuration for the cloud that OS_* names, and a second one, OUT with -iam, for its IAM and STS tests.

Each of the suite's users gets a project of its own, which is its account, and an access key. In the second file the user "alt" is an IAM user of
the account "iam", whose policies those tests write.
"""
import json
import os
import sys
import urllib.parse
import urllib.request

out, objects = sys.argv[1], urllib.parse.urlparse(sys.argv[2])
identity = os.environ["OS_AUTH_URL"].rstrip("/") + "/v3"
token = None


def ask(method, path, body=None):
  request = urllib.request.Request(identity + path, method=method, data=json.dumps(body).encode() if body is not None else None)
  request.add_header("Content-Type", "application/json")
  if token:
    request.add_header("X-Auth-Token", token)
  with urllib.request.urlopen(request) as answer:
    text = answer.read()
    return answer.headers, json.loads(text) if text else None


def login():
  domain = {"id": "default"}
  user = {"name": os.environ["OS_USERNAME"], "password": os.environ["OS_PASSWORD"], "domain": domain}
  auth = {
    "identity": {"methods": ["password"], "password": {"user": user}},
    "scope": {"project": {"name": os.environ["OS_PROJECT_NAME"], "domain": domain}},
  }
  return ask("POST", "/auth/tokens", {"auth": auth})[0]["X-Subject-Token"]


def first(kind, name):
  found = ask("GET", f"/{kind}?name={urllib.parse.quote(name)}")[1][kind]
  return found[0] if found else None


def account(name):
  """A project, a user who is member there, and a key: made where missing."""
  full = "s3-conformance-" + name
  project = first("projects", full) or ask("POST", "/projects", {"project": {"name": full}})[1]["project"]
  email = name + "@s3-conformance.example"
  user = first("users", full) or ask(
    "POST", "/users", {"user": {"name": full, "email": email, "default_project_id": project["id"], "password": os.urandom(24).hex()}}
  )[1]["user"]
  ask("PUT", f"/projects/{project['id']}/users/{user['id']}/roles/{member['id']}")
  keys = ask("GET", f"/users/{user['id']}/credentials/OS-EC2")[1]["credentials"]
  key = keys[0] if keys else ask("POST", f"/users/{user['id']}/credentials/OS-EC2", {"tenant_id": project["id"]})[1]["credential"]
  return {
    "display_name": full,
    "user_id": project["id"],
    "email": email,
    "access_key": key["access"],
    "secret_key": key["secret"],
  }


token = login()
member = first("roles", "member")
sections = {
  "DEFAULT": {"host": objects.hostname, "port": objects.port, "is_secure": objects.scheme == "https", "ssl_verify": False},
  "fixtures": {"bucket prefix": "conformance-{random}-"},
  "s3 main": account("main") | {"api_name": "RegionOne", "kms_keyid": "testkey-1", "kms_keyid2": "testkey-2", "lc_debug_interval": 10},
  "s3 alt": account("alt"),
  "s3 tenant": account("tenant") | {"tenant": ""},
  "iam": account("iam"),
  "iam root": account("root"),
  "iam alt root": account("altroot"),
}


def write(path):
  with open(path, "w", encoding="ascii") as file:
    for name, values in sections.items():
      file.write(f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items()) + "\n")


def user_of(name, owner):
  """An IAM user of that account with a new key."""
  import boto3

  client = boto3.client(
    "iam", aws_access_key_id=owner["access_key"], aws_secret_access_key=owner["secret_key"], endpoint_url=objects.geturl(), region_name="us-east-1"
  )
  try:
    client.create_user(UserName=name)
  except client.exceptions.EntityAlreadyExistsException:
    for old in client.list_access_keys(UserName=name)["AccessKeyMetadata"]:
      client.delete_access_key(UserName=name, AccessKeyId=old["AccessKeyId"])
  # What its tests deny it, it must have.
  client.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
  key = client.create_access_key(UserName=name)["AccessKey"]
  return {"user_id": name, "display_name": name, "access_key": key["AccessKeyId"], "secret_key": key["SecretAccessKey"]}


write(out)
sections["s3 alt"].update(user_of("alt", sections["iam"]))
write(out.removesuffix(".conf") + "-iam.conf")
