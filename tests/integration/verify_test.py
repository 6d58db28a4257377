#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tegata verify` itself on every recorded check, with the arguments that real cosign was given.

usage: verify_test.py TEGATA LAYOUT_SERVER    against a registry of our own that serves the recordings
       verify_test.py TEGATA                  against docker-registry, where it is installed
"""
import collections
import concurrent.futures
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "sigstore_cases"))
import docker_registry_cases  # noqa: E402

DATA = HERE.parent / "testdata/sigstore"
CHECKS = 347
WORDS = {0: ("verified",), 1: ("rejected", "missing"), 2: ("unknown",)}
# Where verifiers differ: our answer, and why, stands in docs/verification.md.
OURS = {
    ("bundle-and-legacy", "legacy-key"): "verified",
    ("bundle-body-noncanonical-rekor2", "default"): "rejected",
    ("bundle-v01-promise-only", "default"): "verified",
    ("legacy-key-ed25519-cosign3", "default"): "verified",
    ("neg-b-issuer-conflict", "v2-issuer"): "rejected",
    ("neg-bundle-body-tampered-rekor2", "default"): "rejected",
    ("neg-bundle-kindversion", "default"): "rejected",
    ("neg-issuer-conflict", "v2-issuer"): "rejected",
}


def verdict(tegata, registry, check):
    name = check["image"].split("/", 1)[1]
    done = subprocess.run([tegata, "verify", *check["arguments"], "--insecure-plain-http", registry, "-o", "json",
                           f"{registry}/{name}"], cwd=DATA, capture_output=True, text=True, timeout=60,
                          env={name: value for name, value in os.environ.items() if name != "TEGATA_TRUSTED_ROOT"})
    if done.returncode not in WORDS:
        return f"exit {done.returncode}: {done.stderr}"
    if json.loads(done.stdout)["verdict"] not in WORDS[done.returncode]:
        return f"exit {done.returncode}, but {done.stdout}"
    return WORDS[done.returncode][0]


@contextlib.contextmanager
def layout_server(program):
    server = subprocess.Popen([program, "--cases", DATA / "cases"], stdout=subprocess.PIPE, text=True)
    try:
        yield "127.0.0.1:" + server.stdout.readline().strip(), set()
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def docker_registry(program):
    with tempfile.TemporaryDirectory() as folder:
        process, port = docker_registry_cases.start_registry(program, pathlib.Path(folder))
        try:
            registry = docker_registry_cases.Registry(port)
            refused = set(docker_registry_cases.push_all(registry, DATA / "cases"))
            assert refused == docker_registry_cases.NOT_HELD, refused
            yield f"127.0.0.1:{port}", refused
        finally:
            process.terminate()
            process.wait()


def names_an_absent_tag(tegata, registry):
    done = subprocess.run([tegata, "verify", "--key", DATA / "keys/p256.pub", "--insecure-ignore-tlog", "--insecure-plain-http", registry,
                           f"{registry}/fx/bundle-key-p256:absent"], capture_output=True, text=True, timeout=60)
    expected = f'the tag "absent" does not exist in fx/bundle-key-p256 at {registry}'
    if done.returncode == 1 and expected in done.stdout and "404" not in done.stdout:
        return True
    print(f"absent tag: {done.returncode} {done.stdout}{done.stderr}")
    return False


def run(tegata, registry, left_out):
    cases = [json.loads(path.read_text()) for path in sorted((DATA / "cases").glob("*/case.json"))]
    checks = [(case["name"], check) for case in cases for check in case["checks"]]
    held = [(name, check) for name, check in checks if name not in left_out]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = list(pool.map(lambda one: verdict(tegata, registry, one[1]), held))
    wrong = 0
    for (name, check), got in zip(held, verdicts):
        expected = OURS[name, check["label"]] if check["expect"] == "either" else check["expect"]
        if got != expected:
            wrong += 1
            print(f"{name} {check['label']}: expected {expected}, got {got}")
    wrong += not names_an_absent_tag(tegata, registry)
    print(f"{len(held)} of {len(checks)} checks, {wrong} wrong: {dict(collections.Counter(verdicts))}")
    return 0 if wrong == 0 and len(checks) == CHECKS else 1


def main():
    if len(sys.argv) == 3:
        place = layout_server(sys.argv[2])
    else:
        program = shutil.which("docker-registry")
        if not program:
            print("skipped: docker-registry is not installed")
            return 77
        place = docker_registry(program)
    with place as (registry, left_out):
        return run(pathlib.Path(sys.argv[1]).resolve(), registry, left_out)


if __name__ == "__main__":
    sys.exit(main())
