#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pushes the recorded cosign cases into a real docker-registry and runs sigstore_cases against it.

What the registry cannot hold is left out by name, with the reason. Where a case was recorded with a
referrers API, which docker-registry 2 has not, the same list is pushed as the fallback tag.
"""
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlsplit


# The recordings do not hold these cases' blobs, and docker-registry takes no manifest without them.
NOT_HELD = {"neg-bundle-huge", "neg-huge-payload"}


class Refused(Exception):
    pass


class Registry:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def call(self, method, target, body=None, headers=None):
        self.connection.request(method, target, body, headers or {})
        answer = self.connection.getresponse()
        return answer, answer.read()

    def push_blob(self, repository, digest, content):
        answer, text = self.call("POST", f"/v2/{repository}/blobs/uploads/", b"")
        if answer.status != 202:
            raise Refused(f"upload answered {answer.status}")
        where = urlsplit(answer.getheader("Location"))
        query = (where.query + "&" if where.query else "") + "digest=" + quote(digest)
        answer, text = self.call("PUT", f"{where.path}?{query}", content,
                                 {"Content-Type": "application/octet-stream"})
        if answer.status != 201:
            raise Refused(f"blob answered {answer.status} {text[:80]!r}")

    def push_manifest(self, repository, reference, content):
        media_type = json.loads(content).get("mediaType", "application/vnd.oci.image.manifest.v1+json")
        answer, text = self.call("PUT", f"/v2/{repository}/manifests/{reference}", content,
                                 {"Content-Type": media_type})
        if answer.status != 201:
            raise Refused(f"manifest answered {answer.status} {text[:120].decode(errors='replace')}")


def is_manifest(content):
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("schemaVersion") == 2


def push_case(registry, folder):
    case = json.loads((folder / "case.json").read_text())
    repository = case["repository"].split("/", 1)[1]
    contents = {"sha256:" + blob.name: blob.read_bytes() for blob in (folder / "oci/blobs/sha256").iterdir()}
    manifests = {digest: content for digest, content in contents.items() if is_manifest(content)}
    for digest, content in contents.items():
        if digest not in manifests:
            registry.push_blob(repository, digest, content)
    # An index is taken only after what it lists, so the manifests without children come first.
    for digest in sorted(manifests, key=lambda one: b'"manifests"' in manifests[one]):
        registry.push_manifest(repository, digest, manifests[digest])
    for tag, digest in case["tags"].items():
        if digest in manifests:
            registry.push_manifest(repository, tag, manifests[digest])
    for subject, index in case["referrers_api"].items():
        registry.push_manifest(repository, subject.replace(":", "-"), json.dumps(index).encode())


def push_all(registry, cases):
    """Why the registry refused a case, for each that it did."""
    reasons = {}
    for case in sorted(cases.iterdir()):
        try:
            push_case(registry, case)
        except Refused as refused:
            reasons[case.name] = str(refused).replace("\n", " ")
    return reasons


def start_registry(program, folder):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "config.yml"
    config.write_text("version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
                      f"storage: {{filesystem: {{rootdirectory: {folder}/data}}}}\n"
                      f"http: {{addr: '127.0.0.1:{port}'}}\n")
    process = subprocess.Popen([program, "serve", str(config)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process, port
        except OSError:
            time.sleep(0.05)
    process.terminate()
    raise SystemExit("docker-registry did not start")


def main():
    program = shutil.which("docker-registry")
    if not program:
        print("skipped: docker-registry is not installed")
        return 77
    cases_program, recorded = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        process, port = start_registry(program, folder)
        try:
            registry = Registry(port)
            reasons = push_all(registry, recorded / "cases")
            left_out = folder / "left-out"
            left_out.write_text("".join(f"{name} {reason}\n" for name, reason in reasons.items()))
            if set(reasons) - NOT_HELD:
                print("docker-registry refused more than it has reason to:", reasons)
                return 1
            return subprocess.call([cases_program, "--cases", str(recorded / "cases"), "--fixtures", str(recorded),
                                    "--registry", f"127.0.0.1:{port}", "--left-out", str(left_out)])
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
