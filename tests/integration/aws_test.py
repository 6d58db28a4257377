#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ECR logins with credentials of AWS: `tegata verify` and `serve` against a moto server that checks signatures and rights, and a
registry over TLS, under the names of ECR, that demands the token which moto gave.

usage: aws_test.py TEGATA     Exit code 77: moto could not be had (ctest: skipped).
"""
import asyncio
import base64
import http.server
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import modelled_aws
import moto_server
import softening_test
from cold_path_test import Tunnel, sign
from softening_test import KEYS, Registry, Serve, make_certificate

REGION = "eu-west-1"
IAM = Path(__file__).parents[2] / "deploy/aws/iam"
OWN, OTHER = moto_server.ACCOUNT, "222233334444"
NAMES = [f"{OWN}.dkr.ecr.{REGION}.amazonaws.com", f"{OTHER}.dkr.ecr.{REGION}.amazonaws.com",
         f"{OWN}.dkr.ecr.cn-north-1.amazonaws.com.cn"]


def token_of(account):
    """As moto makes it."""
    return base64.b64encode(f"AWS:{account}-auth-token".encode()).decode()


class EcrRegistry(Registry):
    """TLS, and Basic authentication with the token of the account in the host name."""

    def __init__(self, folder):
        super().__init__()
        self.seen = []  # host and Authorization of each request
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
        started = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self.guard, "127.0.0.1", 0, ssl=context, backlog=1024), self.loop)
        self.tls_port = started.result(30).sockets[0].getsockname()[1]
        self.tokens = {OWN: token_of(OWN), OTHER: token_of(OTHER)}

    async def guard(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = dict(line.lower().split(": ", 1) if ": " in line else (line, "") for line in head.split("\r\n")[1:])
                authorization = next((line.split(": ", 1)[1] for line in head.split("\r\n") if line.lower().startswith("authorization: ")), "")
                host = headers.get("host", "")
                self.seen.append((host, authorization))
                media_type, content = self.contents.get(head.split(" ", 2)[1], (None, b""))
                status = 200 if media_type else 404
                if authorization != "Basic " + self.tokens.get(host.split(".")[0], "?"):
                    status, media_type, content = 401, None, b""
                challenge = f'WWW-Authenticate: Basic realm="https://{host}/",service="ecr.amazonaws.com"\r\n' if status == 401 else ""
                writer.write(f"HTTP/1.1 {status} X\r\n{challenge}Content-Type: {media_type or 'text/plain'}\r\n"
                             f"Content-Length: {len(content)}\r\n\r\n".encode() + content)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


class Router(Tunnel):
    """A proxy that remembers what it was sent, and leads each host to a port of its own."""

    def __init__(self, ports):
        self.ports, self.heads = ports, []
        super().__init__(None)

    async def serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.ports[head.split()[1].split(":")[0]])
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(self.copy(reader, to_server), self.copy(from_server, writer), return_exceptions=True)


class Aws(unittest.TestCase):
    program = None
    moto = None

    @classmethod
    def setUpClass(cls):
        cls.moto = moto_server.Moto()

    @classmethod
    def tearDownClass(cls):
        cls.moto.stop()

    def setUp(self):
        self.moto.reset()
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        make_certificate(self.folder, *NAMES)
        self.registry = EcrRegistry(self.folder)
        self.plain = sign(self.registry, self.registry.image("app"))
        self.tunnel = Tunnel(self.registry.tls_port)

    def image(self, name=NAMES[0]):
        return self.plain.replace(self.registry.host, name)

    def environment(self, variables):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_") and not key.lower().endswith("_proxy")}
        return {**kept, "HOME": str(self.folder), "HTTPS_PROXY": self.tunnel.url, "AWS_EC2_METADATA_DISABLED": "true", **variables}

    def verify(self, variables, image=None, *more):
        done = subprocess.run([self.program, "verify", "--key", KEYS / "hand-p256.pub", "--insecure-ignore-tlog", "--registry-ca",
                               self.folder / "tls.crt", *more, image or self.image()], env=self.environment(variables),
                              capture_output=True, text=True, timeout=60)
        self.no_secret_in(done.stdout + done.stderr, variables)
        return done

    def no_secret_in(self, text, variables):
        secrets = [variables.get("AWS_SECRET_ACCESS_KEY"), variables.get("AWS_SESSION_TOKEN"), *self.registry.tokens.values(),
                   *(f"{account}-auth-token" for account in self.registry.tokens)]
        for secret in filter(None, secrets):
            self.assertNotIn(secret, text)

    def shipped(self, name):
        """A policy of deploy/aws/iam, for the accounts of this test; for every resource, since moto compares only `*`."""
        return re.sub(r'"Resource": "[^"]+"', '"Resource": "*"', (IAM / name).read_text().replace("111122223333", OWN))

    def reader(self):
        keys = self.moto.user("reader", document=self.shipped("ecr-read.json"))
        self.moto.end_of_free_calls()
        return keys

    def test_an_image_is_verified_with_the_login_of_ecr(self):
        done = self.verify(self.reader())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.registry.seen[0], (NAMES[0], ""), "no login before the registry asks for it")
        self.assertEqual({sent for _, sent in self.registry.seen}, {"", "Basic " + token_of(OWN)})
        self.assertEqual(self.moto.calls, ["GetAuthorizationToken"])

    def test_the_other_names_of_a_registry_are_the_same(self):
        keys = self.reader()
        for name in (f"{OWN}.dkr-ecr.{REGION}.on.aws", f"{OWN}.dkr.ecr-fips.{REGION}.amazonaws.com"):
            done = self.verify(keys, self.image(name))
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({host for host, _ in self.registry.seen}, {NAMES[0]})

    def test_wrong_keys_and_rights_are_refused_by_aws(self):
        keys = self.reader()
        wrong = {**keys, "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"}
        unknown = {**keys, "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE"}
        for variables, words in ((wrong, "SignatureDoesNotMatch"), (unknown, "InvalidClientTokenId")):
            done = self.verify(variables)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn("ECR GetAuthorizationToken", done.stdout + done.stderr)
            self.assertIn(words, done.stdout + done.stderr)
        self.moto.reset()
        other = self.moto.user("other", "ecr:DescribeImages")
        self.moto.end_of_free_calls()
        done = self.verify(other)
        self.assertEqual(done.returncode, 2)
        self.assertIn("AccessDenied", done.stdout + done.stderr)
        self.assertEqual({sent for _, sent in self.registry.seen}, {""}, "nothing was sent to the registry")

    def test_a_session_token_is_signed(self):
        arn = self.moto.role(OTHER, "reader", "ecr:GetAuthorizationToken")
        user = self.moto.user("taker", "sts:AssumeRole")
        self.moto.end_of_free_calls()
        (self.folder / "config").write_text(f"[profile p]\nrole_arn = {arn}\nsource_profile = base\nregion = {REGION}\n")
        (self.folder / "credentials").write_text(
            f"[base]\naws_access_key_id = {user.pop('AWS_ACCESS_KEY_ID')}\naws_secret_access_key = {user.pop('AWS_SECRET_ACCESS_KEY')}\n")
        user.update(AWS_PROFILE="p", AWS_CONFIG_FILE=str(self.folder / "config"),
                    AWS_SHARED_CREDENTIALS_FILE=str(self.folder / "credentials"))
        done = self.verify(user, self.image(NAMES[1]))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.registry.seen[-1], (NAMES[1], "Basic " + token_of(OTHER)))

    def test_each_account_is_read_with_its_role(self):
        arn = self.moto.role(OTHER, "tegata-reader", document=self.shipped("ecr-read.json"), trust=self.shipped("trust-reader-role.json"))
        both = {"Version": "2012-10-17", "Statement": [json.loads(self.shipped(name))["Statement"][0]
                                                       for name in ("assume-reader-roles.json", "ecr-read.json")]}
        user = self.moto.user("tegata", document=json.dumps(both))
        self.moto.end_of_free_calls()
        more = ("--aws-role", arn, "--aws-external-id", f"{OTHER}=of-this-test")
        for name, account in ((NAMES[1], OTHER), (NAMES[0], OWN)):
            done = self.verify(user, self.image(name), *more)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.registry.seen[-1], (name, "Basic " + token_of(account)))

    def test_every_shipped_policy_is_one(self):
        self.assertEqual(len(list(IAM.iterdir())), 6)
        for path in IAM.iterdir():
            if path.name.startswith("trust-"):
                self.moto.role(OTHER, path.stem, "ecr:DescribeImages", trust=self.shipped(path.name))
            else:
                self.moto.user(path.stem, document=self.shipped(path.name))

    def test_the_endpoint_of_a_region_is_called_through_the_proxy_which_learns_nothing(self):
        keys = self.reader()
        del keys["AWS_ENDPOINT_URL"]
        host = f"api.ecr.{REGION}.amazonaws.com"
        make_certificate(self.folder, *NAMES, host)
        front = http.server.ThreadingHTTPServer(("127.0.0.1", 0), moto_server.Forwarder)
        front.moto = self.moto
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "tls.crt", self.folder / "tls.key")
        front.socket = context.wrap_socket(front.socket, server_side=True)
        threading.Thread(target=front.serve_forever, daemon=True).start()
        self.addCleanup(front.server_close)
        self.addCleanup(front.shutdown)
        self.registry = EcrRegistry(self.folder)
        self.plain = sign(self.registry, self.registry.image("app"))
        self.tunnel = Router({host: front.server_port, NAMES[0]: self.registry.tls_port})
        done = self.verify({**keys, "AWS_CA_BUNDLE": str(self.folder / "tls.crt")})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.moto.calls, ["GetAuthorizationToken"])
        self.assertIn(f"CONNECT {host}:443 HTTP/1.1", {head.split("\r\n")[0] for head in self.tunnel.heads})
        for head in self.tunnel.heads:
            self.assertNotIn("authorization", head.lower())
            self.no_secret_in(head, keys)

    def test_dockers_config_comes_first(self):
        docker = self.folder / ".docker"
        docker.mkdir()
        auth = base64.b64encode(b"AWS:of-docker").decode()
        (docker / "config.json").write_text(json.dumps({"auths": {NAMES[0]: {"auth": auth}}}))
        self.registry.tokens[OWN] = auth
        done = self.verify({})
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_without_credentials_the_reason_is_given(self):
        done = self.verify({})
        self.assertEqual(done.returncode, 2)
        self.assertIn("there are no AWS credentials", done.stdout + done.stderr)

    def test_the_containers_endpoint(self):
        keys = self.reader()
        answer = json.dumps({"AccessKeyId": keys.pop("AWS_ACCESS_KEY_ID"), "SecretAccessKey": keys.pop("AWS_SECRET_ACCESS_KEY"),
                             "Expiration": "2099-01-01T00:00:00Z"}).encode()
        seen = []

        class Endpoint(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append((self.path, self.headers["Authorization"]))
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Endpoint)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        (self.folder / "token").write_text("pod-token")
        keys.update(AWS_CONTAINER_CREDENTIALS_FULL_URI=f"http://127.0.0.1:{server.server_port}/v1/credentials",
                    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(self.folder / "token"))
        done = self.verify(keys)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(seen, [("/v1/credentials", "pod-token")])

    def test_check(self):
        keys = self.reader()
        (self.folder / "policy.yaml").write_text(json.dumps({
            "apiVersion": "tegata.dev/v1alpha1", "kind": "DeploymentPolicy", "metadata": {"name": "p"},
            "spec": {"rules": [{"name": "signed", "signature": {"anyOf": [{"key": {"file": str(KEYS / "hand-p256.pub")}}]}}]}}))
        (self.folder / "pod.yaml").write_text(json.dumps({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"containers": [{"name": "c", "image": self.image()}]}}))
        for variables, code in ((keys, 0), ({}, 2)):
            done = subprocess.run([self.program, "check", "--policy", self.folder / "policy.yaml", "-f", self.folder / "pod.yaml",
                                   "--registry-ca", self.folder / "tls.crt"], env=self.environment(variables),
                                  capture_output=True, text=True, timeout=60)
            self.no_secret_in(done.stdout + done.stderr, keys)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)

    def serve(self, variables, log):
        """Serve, with its log in a file."""
        rule = {"name": "signed", "signature": {"anyOf": [{"key": {"file": str(KEYS / "hand-p256.pub")}}]}}
        (self.folder / "policy.yaml").write_text(json.dumps({
            "apiVersion": "tegata.dev/v1alpha1", "kind": "DeploymentPolicy", "metadata": {"name": "p"}, "spec": {"rules": [rule]}}))
        serve = Serve.__new__(Serve)
        with open(log, "w") as stderr:
            serve.process = subprocess.Popen(
                [self.program, "serve", "--policy", self.folder / "policy.yaml", "--listen", "127.0.0.1:0", "--metrics-listen",
                 "127.0.0.1:0", "--tls-cert-file", self.folder / "tls.crt", "--tls-private-key-file", self.folder / "tls.key",
                 "--audit-log", self.folder / "audit.jsonl", "--evidence-dir", self.folder / "evidence", "--registry-ca",
                 self.folder / "tls.crt", "--drain-grace", "100ms"], stderr=stderr, env=self.environment(variables))
        self.addCleanup(serve.process.wait, timeout=30)
        self.addCleanup(serve.process.terminate)
        for _ in range(600):
            for line in log.read_text().splitlines():
                if '"serving"' in line:
                    serve.port = json.loads(line)["port"]
                    return serve
            time.sleep(0.05)
        self.fail(log.read_text())

    def test_tags_that_ecr_holds(self):
        for account in (OWN, OTHER):
            self.moto.ecr("CreateRepository", account, repositoryName="held", imageTagMutability="IMMUTABLE")
        self.moto.ecr("CreateRepository", repositoryName="free", imageTagMutability="MUTABLE")
        self.moto.ecr("CreateRepository", repositoryName="most", imageTagMutability="IMMUTABLE_WITH_EXCLUSION",
                      imageTagMutabilityExclusionFilters=[{"filterType": "WILDCARD", "filter": "dev-*"}])
        arn = self.moto.role(OTHER, "tegata-reader", document=self.shipped("ecr-read.json"))
        user = self.moto.user("tegata", "sts:AssumeRole", "ecr:DescribeRepositories")
        self.moto.end_of_free_calls()
        (self.folder / "policy.yaml").write_text(json.dumps({
            "apiVersion": "tegata.dev/v1alpha1", "kind": "DeploymentPolicy", "metadata": {"name": "p"},
            "spec": {"rules": [{"name": "held", "tag": {"immutable": "registry"}}]}}))
        images = [f"{NAMES[0]}/held:v1", f"{NAMES[1]}/held:v1", f"{NAMES[0]}/most:v1", f"{NAMES[0]}/free:v1", f"{NAMES[0]}/most:dev-1",
                  f"{NAMES[0]}/none:v1", "ghcr.io/acme/app:v1"]
        (self.folder / "pod.yaml").write_text(json.dumps({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"containers": [{"name": f"c{number}", "image": image} for number, image in enumerate(images)]}}))

        def reasons(variables):
            done = subprocess.run([self.program, "check", "-o", "json", "--policy", self.folder / "policy.yaml", "-f",
                                   self.folder / "pod.yaml", "--aws-role", arn], env=self.environment(variables),
                                  capture_output=True, text=True, timeout=60)
            self.no_secret_in(done.stdout + done.stderr, variables)
            return {finding["image"]: finding["reason"] for finding in json.loads(done.stdout)["items"][0]["findings"]}

        self.assertEqual(reasons(user), {images[3]: "TagMovable", images[4]: "TagMovable", images[5]: "ImageNotFound",
                                         images[6]: "TagMovable"})
        self.assertEqual(sorted(self.moto.calls), ["AssumeRole"] + ["DescribeRepositories"] * 5)
        refused = reasons({**user, "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"})
        self.assertEqual(set(refused.values()), {"RegistryUnauthorized", "TagMovable"})

    def scanned_image(self, account, name, scan=True):
        """A pushed image that ECR knows by the digest of its manifest, and has scanned: moto always finds CVE-9999-9999 (HIGH)."""
        image = self.registry.image(name)
        digest = image.rpartition("@")[2]
        manifest = self.registry.contents[f"/v2/{name}/manifests/{digest}"][1].decode()
        self.moto.ecr("CreateRepository", account, repositoryName=name)
        self.moto.ecr("PutImage", account, repositoryName=name, imageManifest=manifest, imageDigest=digest, imageTag="v1")
        if scan:
            self.moto.ecr("StartImageScan", account, repositoryName=name, imageId={"imageDigest": digest})
        return f"{account}.dkr.ecr.{REGION}.amazonaws.com/{name}@{digest}"

    def test_scans_of_ecr(self):
        own, other = self.scanned_image(OWN, "scanned"), self.scanned_image(OTHER, "elsewhere")
        unscanned = self.scanned_image(OWN, "unscanned", scan=False)
        arn = self.moto.role(OTHER, "tegata-reader", document=self.shipped("ecr-read.json"))
        user = self.moto.user("tegata", "sts:AssumeRole", "ecr:GetAuthorizationToken", "ecr:DescribeImageScanFindings")
        logins = self.moto.user("logins", "sts:AssumeRole", "ecr:GetAuthorizationToken")
        self.moto.end_of_free_calls()
        images = [own, other, unscanned]
        (self.folder / "pod.yaml").write_text(json.dumps({
            "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
            "spec": {"containers": [{"name": f"c{number}", "image": image} for number, image in enumerate(images)]}}))

        def check(variables, fail_at="HIGH"):
            (self.folder / "policy.yaml").write_text(json.dumps({
                "apiVersion": "tegata.dev/v1alpha1", "kind": "DeploymentPolicy", "metadata": {"name": "p"},
                "spec": {"rules": [{"name": "holes", "vulnerabilities": {"failAt": fail_at, "sources": ["ecr"]}}]}}))
            done = subprocess.run([self.program, "check", "-o", "json", "--policy", self.folder / "policy.yaml", "-f",
                                   self.folder / "pod.yaml", "--aws-role", arn, "--registry-ca", self.folder / "tls.crt"],
                                  env=self.environment(variables), capture_output=True, text=True, timeout=60)
            self.no_secret_in(done.stdout + done.stderr, variables)
            self.assertTrue(done.stdout, done.stderr)
            return {finding["image"]: finding for finding in json.loads(done.stdout)["items"][0]["findings"]}

        found = check(user)
        self.assertEqual({image: finding["reason"] for image, finding in found.items()},
                         {own: "VulnerabilityTooSevere", other: "VulnerabilityTooSevere", unscanned: "ScanMissing"})
        self.assertIn("CVE-9999-9999 (HIGH, 7.5) in moto_fake 9.9.9", found[own]["found"])
        self.assertIn("never scanned", found[unscanned]["found"])
        self.assertEqual(self.moto.calls.count("DescribeImageScanFindings"), 3)
        self.assertEqual({image: finding["reason"] for image, finding in check(user, "CRITICAL").items()}, {unscanned: "ScanMissing"})
        refused = check(logins)
        self.assertEqual((refused[own]["kind"], refused[own]["reason"]), ("unknown", "RegistryUnauthorized"))
        self.assertIn("ECR DescribeImageScanFindings", refused[own]["found"])
        self.assertIn("deploy/aws/iam", refused[own]["remedy"])

        def scan(image, *arguments):
            done = subprocess.run([self.program, "scan", "--source", "ecr", "--registry-ca", self.folder / "tls.crt", *arguments, image],
                                  env=self.environment(user), capture_output=True, text=True, timeout=60)
            self.no_secret_in(done.stdout + done.stderr, user)
            return done

        table = scan(own)
        self.assertEqual(table.returncode, 0, table.stderr)
        self.assertIn("source  ecr, Amazon ECR", table.stdout)
        self.assertIn("CVE-9999-9999", table.stdout)
        form = json.loads(scan(own, "-o", "json").stdout)
        self.assertEqual([(source["source"], source["status"]) for source in form["sources"]], [("ecr", "known")])
        self.assertEqual(scan(unscanned).returncode, 1)
        self.assertEqual(scan(own, "--source", "inspector").returncode, 64)

    def test_scans_of_ecr_that_moto_cannot_make(self):
        """Enhanced scanning, pages, an index, statuses and throttling."""
        aws = modelled_aws.ModelledAws()
        self.addCleanup(aws.stop)
        images = [self.registry.image(name).rpartition("@")[2] for name in ("amd64", "arm64")]
        listed = [{"mediaType": softening_test.MANIFEST, "digest": digest, "size": 2, "platform": {"os": "linux", "architecture": machine}}
                  for digest, machine in zip(images, ("amd64", "arm64"))]
        attested = {**listed[0], "digest": "sha256:" + "a" * 64, "platform": {"os": "unknown", "architecture": "unknown"}}
        index = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                            "manifests": [*listed, attested]}).encode()
        digest = softening_test.digest_of(index)
        for name, held in (("shop", index), *((name, self.registry.contents[f"/v2/{name}/manifests/{one}"][1])
                                              for name, one in zip(("amd64", "arm64"), images))):
            self.registry.contents[f"/v2/shop/manifests/{softening_test.digest_of(held)}"] = (
                "application/vnd.oci.image.index.v1+json" if held is index else softening_test.MANIFEST, held)
        image = f"{NAMES[0]}/shop@{digest}"

        def finding(number, request):
            return {"awsAccountId": OWN, "description": "d", "findingArn": f"arn:aws:inspector2:{REGION}:{OWN}:finding/{number}",
                    "firstObservedAt": 1794981600.25, "lastObservedAt": 1795167600.0, "updatedAt": 1795167600.0, "severity": "HIGH",
                    "status": "ACTIVE", "score": 7.5, "title": f"CVE-2026-{number}", "type": "PACKAGE_VULNERABILITY", "fixAvailable": "YES",
                    "exploitAvailable": "NO", "packageVulnerabilityDetails": {
                        "vulnerabilityId": f"CVE-2026-{number}", "source": "NVD", "sourceUrl": "https://nvd.example",
                        "vulnerablePackages": [{"name": "glibc", "version": "2.36", "epoch": 0, "fixedInVersion": "2.37"}]},
                    "resources": [{"type": "AWS_ECR_CONTAINER_IMAGE", "id": "r", "details": {"awsEcrContainerImage": {
                        "imageHash": request["imageId"]["imageDigest"], "repositoryName": "shop"}}}]}

        def about(request, status, **findings):
            answer = {"registryId": request["registryId"], "repositoryName": request["repositoryName"], "imageId": request["imageId"],
                      "imageScanStatus": {"status": status, "description": "d"}}
            return {**answer, "imageScanFindings": findings} if findings else answer

        def pages(request):
            page = int(request.get("nextToken", "0"))
            answer = about(request, "ACTIVE", findingSeverityCounts={"HIGH": 3}, enhancedFindings=[finding(30000 + page, request)])
            return 200, {**answer, "nextToken": str(page + 1)} if page < 2 else answer

        user = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
                "AWS_REGION": REGION, "AWS_ENDPOINT_URL": aws.endpoint}
        aws.answers["GetAuthorizationToken"] = lambda _: (200, {"authorizationData": [
            {"authorizationToken": token_of(OWN), "expiresAt": time.time() + 43200, "proxyEndpoint": f"https://{NAMES[0]}"}]})

        def scan(answer, code):
            aws.answers["DescribeImageScanFindings"] = answer
            aws.calls.clear()
            done = subprocess.run([self.program, "scan", "--source", "ecr", "-o", "json", "--registry-ca", self.folder / "tls.crt", image],
                                  env=self.environment(user), capture_output=True, text=True, timeout=60)
            self.no_secret_in(done.stdout + done.stderr, user)
            self.assertEqual((done.returncode, aws.faults), (code, []), done.stdout + done.stderr)
            return json.loads(done.stdout)

        form = scan(pages, 0)
        self.assertEqual([finding["vulnerability"] for finding in form["findings"]], ["CVE-2026-30000", "CVE-2026-30001", "CVE-2026-30002"])
        self.assertEqual(form["findings"][0]["fix"], "yes")
        asked = [request for operation, request in aws.calls if operation == "DescribeImageScanFindings"]
        self.assertEqual([(request["imageId"]["imageDigest"], request.get("nextToken")) for request in asked],
                         [(one, token) for one in images for token in (None, "1", "2")], "not the manifest that cannot run")
        for status, code, reason in (("PENDING", 2, "ScanPending"), ("FAILED", 2, "ScanFailed"), ("UNSUPPORTED_IMAGE", 1, "ScanUnsupported"),
                                     ("SCAN_ELIGIBILITY_EXPIRED", 1, "ScanExpired"), ("IMAGE_ARCHIVED", 1, "ImageArchived"),
                                     ("LIMIT_EXCEEDED", 2, "ScanUnavailable")):
            form = scan(lambda request, status=status: (200, about(request, status)), code)
            self.assertEqual([source["reason"] for source in form["sources"]], [reason])
        form = scan(lambda request: (400, "ThrottlingException"), 2)
        self.assertEqual([source["reason"] for source in form["sources"]], ["RegistryRateLimited"])
        form = scan(lambda request: (400, "ScanNotFoundException") if request["imageId"]["imageDigest"] == images[1]
                    else (200, about(request, "ACTIVE", findingSeverityCounts={})), 1)
        self.assertEqual([source["reason"] for source in form["sources"]], ["ScanMissing"])

    def test_serve_keeps_every_secret_to_itself(self):
        keys = self.reader()
        images = [self.image()]
        for number in range(20):
            images.append(sign(self.registry, self.registry.image(f"app{number}")).replace(self.registry.host, NAMES[0]))
        wrong = {**keys, "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"}
        for variables in (keys, wrong):
            serve = self.serve(variables, self.folder / f"log-{len(variables['AWS_SECRET_ACCESS_KEY'])}-{variables is wrong}")
            answer = serve.ask(images, timeout=30)
            self.assertEqual(answer["allowed"], variables is keys, answer)
            if variables is keys:
                self.assertEqual(self.moto.calls, ["GetAuthorizationToken"], "once for 21 images")
            else:
                self.assertIn("ECR GetAuthorizationToken", answer["status"]["message"])
            serve.process.terminate()
            serve.process.wait(timeout=30)
            searched = 0
            for path in self.folder.rglob("*"):
                if path.is_file() and path.suffix != ".key":
                    self.no_secret_in(path.read_text(errors="replace"), variables)
                    searched += 1
            self.assertGreater(searched, 4)


if __name__ == "__main__":
    if not moto_server.MOTO.exists():
        print("skipped: moto is not installed (scripts/bootstrap --test)")
        sys.exit(77)
    softening_test.Softening.program = Aws.program = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
