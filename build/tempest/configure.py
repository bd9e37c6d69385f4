#!/usr/bin/python3
"""configure.py DIR: writes DIR/tempest.conf for the cloud that OS_* names, from what that cloud says of itself.

Two flavors and a second image for the tests are made when they are missing. Features that no API tells are in features.conf beside this file.
"""
import configparser
import json
import os
import pathlib
import sys
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
# Small enough that two run beside each other on a small machine, and the guest image fits in either.
FLAVORS = [("tempest.small", 128, 1), ("tempest.large", 192, 2)]


class Cloud:
    def __init__(self, env):
        self.url = env["OS_AUTH_URL"].rstrip("/")
        if not self.url.endswith("/v3"):
            self.url += "/v3"
        self.user, self.password, self.project = env["OS_USERNAME"], env["OS_PASSWORD"], env["OS_PROJECT_NAME"]
        self.region = env.get("OS_REGION_NAME", "RegionOne")
        self.token = None
        scope = {"project": {"name": self.project, "domain": domain(env, "PROJECT")}}
        user = {"name": self.user, "domain": domain(env, "USER"), "password": self.password}
        identity = {"methods": ["password"], "password": {"user": user}}
        answer, headers = self.call("POST", self.url + "/auth/tokens", {"auth": {"identity": identity, "scope": scope}})
        self.token = headers["X-Subject-Token"]
        self.domain = answer["token"]["user"]["domain"]
        self.services = {
            service["type"]: endpoint["url"].rstrip("/")
            for service in answer["token"]["catalog"]
            for endpoint in service["endpoints"]
            if endpoint["interface"] == "public" and endpoint.get("region_id", self.region) == self.region
        }
        for kind in [kind for kind, url in self.services.items() if kind != "identity" and not self.answers(url)]:
            print(f"conformance: nothing answers as {kind}; its tests will be skipped", file=sys.stderr)
            del self.services[kind]

    def answers(self, url):
        """Whether the catalog's endpoint is there: anything but 404, also a refusal without a token."""
        try:
            urllib.request.urlopen(url + "/", timeout=60).close()
        except urllib.error.HTTPError as error:
            return error.code != 404
        return True

    def call(self, method, url, body=None):
        request = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        request.add_header("Accept", "application/json")
        if self.token:
            request.add_header("X-Auth-Token", self.token)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer), answer.headers
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {url}: {error.code} {error.read().decode(errors='replace')[:300]}")

    def get(self, service, path, key):
        return self.call("GET", self.services[service] + path)[0][key]


def domain(env, whose):
    name = env.get(f"OS_{whose}_DOMAIN_NAME")
    return {"name": name} if name else {"id": env.get(f"OS_{whose}_DOMAIN_ID", "default")}


def images(cloud):
    """The image to boot and another one, which is made of CIEL_GUEST_IMAGE where there is only one; without that, the same."""
    active = cloud.get("image", "/v2/images?status=active&limit=100", "images")
    file = pathlib.Path(os.environ.get("CIEL_GUEST_IMAGE", ""))
    if len(active) == 1 and file.is_file():
        active.append(second_image(cloud, file))
    active.sort(key=lambda image: (not (image["name"] or "").startswith("ciel-guest"), image["created_at"]))
    if not active:
        sys.exit("the cloud has no active image")
    return active[0]["id"], active[min(1, len(active) - 1)]["id"]


def second_image(cloud, file):
    wish = {"name": "tempest-other", "disk_format": "qcow2", "container_format": "bare", "visibility": "public"}
    image, _ = cloud.call("POST", cloud.services["image"] + "/v2/images", wish)
    request = urllib.request.Request(f"{cloud.services['image']}/v2/images/{image['id']}/file", method="PUT", data=file.read_bytes())
    request.add_header("Content-Type", "application/octet-stream")
    request.add_header("X-Auth-Token", cloud.token)
    urllib.request.urlopen(request, timeout=300).close()
    return image


def flavors(cloud):
    here = {flavor["name"]: flavor["id"] for flavor in cloud.get("compute", "/flavors?is_public=None", "flavors")}
    for name, ram, disk in FLAVORS:
        if name not in here:
            flavor = {"name": name, "ram": ram, "vcpus": 1, "disk": disk}
            answer, _ = cloud.call("POST", cloud.services["compute"] + "/flavors", {"flavor": flavor})
            here[name] = answer["flavor"]["id"]
    return [here[name] for name, _, _ in FLAVORS]


def public_network(cloud):
    networks = cloud.get("network", "/v2.0/networks?router:external=true", "networks")
    if not networks:
        sys.exit("the cloud has no external network")
    return networks[0]["id"], networks[0]["name"]


def settings(cloud, directory):
    image, other_image = images(cloud) if "image" in cloud.services else ("", "")
    flavor, other_flavor = flavors(cloud) if "compute" in cloud.services else ("", "")
    network, network_name = public_network(cloud) if "network" in cloud.services else ("", "")
    extensions = ",".join(sorted(extension["alias"] for extension in cloud.get("network", "/v2.0/extensions", "extensions"))) if network else ""
    volumes = any(kind in cloud.services for kind in ("volumev3", "block-storage"))
    return {
        "DEFAULT": {"log_file": "tempest.log", "log_dir": str(directory), "use_stderr": "false", "debug": "true"},
        "oslo_concurrency": {"lock_path": str(directory / "locks")},
        "service_available": {
            "glance": "image" in cloud.services, "neutron": "network" in cloud.services, "nova": "compute" in cloud.services,
            "cinder": volumes, "swift": "object-store" in cloud.services, "horizon": False,
        },
        "auth": {
            "use_dynamic_credentials": True, "create_isolated_networks": True, "tempest_roles": "member",
            "admin_username": cloud.user, "admin_password": cloud.password, "admin_project_name": cloud.project,
            "admin_domain_name": cloud.domain["name"], "default_credentials_domain_name": cloud.domain["name"],
        },
        "identity": {
            "auth_version": "v3", "uri_v3": cloud.url, "uri": cloud.url, "region": cloud.region,
            "v3_endpoint_type": "publicURL", "default_domain_id": cloud.domain["id"],
        },
        # Tempest uploads random bytes, which are no qcow2; Ciel refuses what is not what it says.
        "image": {"container_formats": "bare,ovf,ova", "disk_formats": "raw"},
        "compute": {
            "image_ref": image, "image_ref_alt": other_image, "flavor_ref": flavor, "flavor_ref_alt": other_flavor,
            "max_microversion": "latest", "min_compute_nodes": 1, "build_timeout": 300, "build_interval": 1, "volume_device_name": "vdb",
        },
        "network": {
            "public_network_id": network, "floating_network_name": network_name, "project_network_cidr": "10.100.0.0/16",
            "project_network_mask_bits": 28, "build_interval": 1,
        },
        "network-feature-enabled": {"api_extensions": extensions},
        # Who sets accounts' quotas is Keystone's admin here.
        "object-storage": {"operator_role": "member", "reseller_admin_role": "admin"},
        "volume": {"build_timeout": 120, "max_microversion": "latest", "volume_size": 1},
        "validation": {
            "run_validation": True, "connect_method": "floating", "auth_method": "keypair", "image_ssh_user": "root",
            "image_alt_ssh_user": "root", "ssh_timeout": 180, "ping_timeout": 120, "connect_timeout": 30,
        },
        "scenario": {"dhcp_client": "udhcpc", "img_file": os.environ.get("CIEL_GUEST_IMAGE", ""), "img_disk_format": "qcow2"},
    }


def main():
    directory = pathlib.Path(sys.argv[1]).resolve()
    config = configparser.ConfigParser(interpolation=None)
    config.read(HERE / "features.conf")
    config.read_dict({
        section: {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in values.items()}
        for section, values in settings(Cloud(os.environ), directory).items()
    })
    # It holds the admin's password.
    with open(os.open(directory / "tempest.conf", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        config.write(file)


main()
