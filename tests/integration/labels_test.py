#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What images say of themselves, through `tegata check` and a registry that counts what it is asked.

usage: labels_test.py TEGATA
"""
import collections
import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

TEGATA = sys.argv.pop(1)
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("TEGATA_")}
COMMIT = "84d81a284ba9ccd253eb6ae96cf2f0d996b9c9a8"
OTHER = "b" * 40
BASE = "sha256:" + "a" * 64
REVISION, BASE_DIGEST = "org.opencontainers.image.revision", "org.opencontainers.image.base.digest"
MANIFEST, INDEX = "application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json"
POLICY = f"""
apiVersion: tegata.dev/v1alpha1
kind: DeploymentPolicy
metadata: {{name: production}}
spec:
  rules:
    - {{name: commit, tag: {{format: commitId, digestOnly: allow, commitFrom: label}}}}
    - {{name: base, baseImage: {{digests: ["{BASE}"]}}}}
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: prod}}
spec: {{containers: [{{name: web, image: "{0}"}}]}}
"""


class Registry:
    """Serves one repository, shop/api, and remembers every path that it was asked for."""

    def __init__(self):
        self.content, self.asked = {}, collections.Counter()
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                registry.asked[self.path] += 1
                kind, body = registry.content.get(self.path.split("?")[0], (None, b"{}"))
                self.send_response(200 if kind else 404)
                self.send_header("Content-Type", kind or "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def hold(self, kind, media_type, document):
        body = json.dumps(document).encode()
        digest = "sha256:" + hashlib.sha256(body).hexdigest()
        self.content[f"/v2/shop/api/{kind}/{digest}"] = (media_type, body)
        return {"mediaType": media_type, "digest": digest, "size": len(body)}

    def image(self, labels, annotations=None):
        config = self.hold("blobs", "application/vnd.oci.image.config.v1+json", {"config": {"Labels": labels}})
        return self.hold("manifests", MANIFEST, {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [],
                                                 "annotations": annotations or {}})

    def index(self, *manifests):
        return self.hold("manifests", INDEX, {"schemaVersion": 2, "mediaType": INDEX, "manifests": list(manifests)})

    def tag(self, name, descriptor):
        self.content[f"/v2/shop/api/manifests/{name}"] = self.content[f"/v2/shop/api/manifests/{descriptor['digest']}"]


def on(descriptor, operating_system, architecture):
    return {**descriptor, "platform": {"os": operating_system, "architecture": architecture}}


class Labels(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        (self.folder / "policy.yaml").write_text(POLICY)
        self.registry = Registry()
        self.addCleanup(self.registry.close)

    def check(self, image, code):
        (self.folder / "pod.yaml").write_text(POD.format(f"{self.registry.host}/shop/api{image}"))
        done = subprocess.run([TEGATA, "check", "--policy", "policy.yaml", "-f", "pod.yaml", "-o", "json", "--insecure-plain-http",
                               self.registry.host], capture_output=True, text=True, timeout=120, cwd=self.folder, env=ENVIRONMENT)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout)["items"][0]

    def test_an_image_that_names_its_commit_and_an_approved_base_is_allowed(self):
        self.registry.tag(COMMIT, self.registry.image({REVISION: COMMIT, BASE_DIGEST: BASE}))
        self.assertEqual(self.check(":" + COMMIT, 0)["decision"], "allow")
        self.assertEqual(len(self.registry.asked), 2, self.registry.asked)
        self.assertEqual(set(self.registry.asked.values()), {1}, self.registry.asked)

    def test_another_commit_and_another_base_are_refused(self):
        self.registry.tag(COMMIT, self.registry.image({REVISION: OTHER}, {BASE_DIGEST: "sha256:" + "c" * 64}))
        item = self.check(":" + COMMIT, 1)
        self.assertEqual(item["reasons"], ["BaseImageNotAllowed", "TagCommitMismatch"])
        self.assertIn(OTHER, item["findings"][0]["message"])

    def test_an_image_that_says_nothing_is_missing_both(self):
        self.registry.tag(COMMIT, self.registry.image({}))
        item = self.check(":" + COMMIT, 1)
        self.assertEqual(item["reasons"], ["BaseImageMissing", "CommitMissing"])
        self.assertEqual({finding["kind"] for finding in item["findings"]}, {"missing"})

    def test_of_an_index_every_image_has_to_say_it_and_attestations_do_not(self):
        good = self.registry.image({REVISION: COMMIT, BASE_DIGEST: BASE})
        also = self.registry.image({REVISION: COMMIT, BASE_DIGEST: BASE, "title": "arm"})
        attestation = self.registry.image(None)
        self.registry.tag(COMMIT, self.registry.index(on(good, "linux", "amd64"), on(also, "linux", "arm64"),
                                                      on(attestation, "unknown", "unknown")))
        self.assertEqual(self.check(":" + COMMIT, 0)["decision"], "allow")
        self.assertEqual(set(self.registry.asked.values()), {1}, self.registry.asked)
        self.registry.tag(COMMIT, self.registry.index(on(good, "linux", "amd64"), on(attestation, "linux", "arm64")))
        self.assertEqual(self.check(":" + COMMIT, 1)["reasons"], ["BaseImageMissing", "CommitMissing"])

    def test_a_config_that_is_not_there_or_not_the_one_that_is_named_is_unknown(self):
        image = self.registry.image({REVISION: COMMIT, BASE_DIGEST: BASE})
        config = next(path for path in self.registry.content if "/blobs/" in path)
        media_type, body = self.registry.content.pop(config)
        for replacement in (None, (media_type, body.replace(COMMIT.encode(), OTHER.encode()))):
            if replacement:
                self.registry.content[config] = replacement
            item = self.check("@" + image["digest"], 2)
            self.assertEqual(item["reasons"], ["RegistryAnswerMalformed"])
            self.assertEqual({finding["kind"] for finding in item["findings"]}, {"unknown"})


if __name__ == "__main__":
    unittest.main()
