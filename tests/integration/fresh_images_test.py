#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signs and attests fresh images with the real cosign 2 and 3 in a real registry, and verifies them with `tegata verify`,
so that no recording hides a change of what cosign writes.

usage: fresh_images_test.py TEGATA
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "sigstore_cases"))
from docker_registry_cases import Registry, start_registry  # noqa: E402

TEGATA = sys.argv[1]
TOOLS = Path(os.environ.get("TEGATA_TOOLS") or
             Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tegata/tools")
SKIPPED = 77
IMAGE_TYPE = "application/vnd.oci.image.manifest.v1+json"


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


class FreshImages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="tegata-fresh-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        process, cls.port = start_registry(shutil.which("docker-registry"), cls.folder)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.terminate)
        cls.registry = Registry(cls.port)
        cls.environment = {**os.environ, "COSIGN_PASSWORD": "", "HOME": str(cls.folder), "TUF_ROOT": str(cls.folder / "tuf")}
        for name in ("one", "other"):
            cls.run_tool("cosign2", "generate-key-pair", "--output-key-prefix", cls.folder / name)
        for kind, options in (("rsa", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"]),
                              ("p384", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"])):
            pem = cls.folder / f"{kind}.pem"
            subprocess.run(["openssl", "genpkey", *options, "-out", pem], check=True, capture_output=True)
            cls.run_tool("cosign2", "import-key-pair", "--key", pem, "--output-key-prefix", cls.folder / kind)
        (cls.folder / "predicate.json").write_text(json.dumps({"approved": True, "environment": "prod"}))
        cls.run_tool("cosign3", "signing-config", "create", "--out", cls.folder / "nothing.json")

    @classmethod
    def run_tool(cls, tool, *arguments):
        done = subprocess.run([TOOLS / tool, *map(str, arguments)], cwd=cls.folder, env=cls.environment, text=True,
                              capture_output=True)
        if done.returncode != 0:
            raise AssertionError(f"{tool} {' '.join(map(str, arguments))}: {done.stderr}")

    def push(self, name):
        """A fresh image, by its digest."""
        config = json.dumps({"architecture": "amd64", "os": "linux", "name": name}).encode()
        manifest = json.dumps({"schemaVersion": 2, "mediaType": IMAGE_TYPE, "layers": [],
                               "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": len(config),
                                          "digest": digest_of(config)}}).encode()
        self.registry.push_blob(f"fresh/{name}", digest_of(config), config)
        self.registry.push_manifest(f"fresh/{name}", "v1", manifest)
        return f"127.0.0.1:{self.port}/fresh/{name}@{digest_of(manifest)}"

    def sign(self, generation, verb, image, key, *more):
        without_log = {2: ["--tlog-upload=false"], 3: ["--signing-config", self.folder / "nothing.json"]}[generation]
        self.run_tool(f"cosign{generation}", verb, "--key", self.folder / f"{key}.key", *without_log, "-y", *more, image)

    def verify(self, image, key, *more):
        done = subprocess.run([TEGATA, "verify", image, "--key", str(self.folder / f"{key}.pub"), "--insecure-ignore-tlog",
                               "--insecure-plain-http", f"127.0.0.1:{self.port}", "-o", "json", *more],
                              text=True, capture_output=True)
        return done.returncode, json.loads(done.stdout)

    def test_that_images_signed_by_both_generations_with_every_key_verify(self):
        for generation in (2, 3):
            for key in ("one", "rsa", "p384"):
                with self.subTest(generation=generation, key=key):
                    image = self.push(f"signed-{generation}-{key}")
                    self.assertEqual(self.verify(image, key)[0], 1)
                    self.sign(generation, "sign", image, key, "-a", "env=prod")
                    code, answer = self.verify(image, key, "-a", "env=prod")
                    self.assertEqual(code, 0, answer)
                    self.assertEqual(self.verify(image, key, "-a", "env=dev")[0], 1)
                    self.assertEqual(self.verify(image, "other")[0], 1)

    def test_that_attestations_of_both_generations_verify_and_are_no_signatures(self):
        for generation in (2, 3):
            with self.subTest(generation=generation):
                image = self.push(f"attested-{generation}")
                self.sign(generation, "attest", image, "one", "--type", "https://acme.example/approval/v1",
                          "--predicate", self.folder / "predicate.json")
                code, answer = self.verify(image, "one", "--type", "https://acme.example/approval/v1")
                self.assertEqual(code, 0, answer)
                self.assertEqual(self.verify(image, "one", "--type", "slsaprovenance1")[0], 1)
                self.assertEqual(self.verify(image, "other", "--type", "https://acme.example/approval/v1")[0], 1)
                self.assertEqual(self.verify(image, "one")[0], 1)

    def test_that_an_image_signed_by_both_generations_verifies_by_either(self):
        image = self.push("both")
        self.sign(2, "sign", image, "one")
        self.sign(3, "sign", image, "other")
        self.assertEqual([self.verify(image, key)[0] for key in ("one", "other", "rsa")], [0, 0, 1])


if __name__ == "__main__":
    missing = [tool for tool in ("cosign2", "cosign3") if not (TOOLS / tool).exists()]
    if not shutil.which("docker-registry"):
        missing.append("docker-registry")
    if missing:
        print("skipped: not here:", ", ".join(missing))
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1], verbosity=2)
