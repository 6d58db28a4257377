#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`tegata verify` on every recorded check that needs a key and nothing else, against a registry that serves them.

usage: verify_test.py TEGATA LAYOUT_SERVER
"""
import collections
import json
import pathlib
import subprocess
import sys

DATA = pathlib.Path(__file__).resolve().parents[1] / "testdata/sigstore"
MUST_RUN = 102


def verdict(tegata, registry, check):
    name = check["image"].split("/", 1)[1]
    done = subprocess.run([tegata, "verify", *check["arguments"], "--insecure-plain-http", registry, "-o", "json",
                           f"{registry}/{name}"], cwd=DATA, capture_output=True, text=True, timeout=60)
    words = {0: ("verified",), 1: ("rejected", "missing"), 2: ("unknown",)}
    if done.returncode not in words:
        return f"exit {done.returncode}: {done.stderr}"
    if json.loads(done.stdout)["verdict"] not in words[done.returncode]:
        return f"exit {done.returncode}, but {done.stdout}"
    return words[done.returncode][0]


def main():
    tegata, layout_server = sys.argv[1:]
    server = subprocess.Popen([layout_server, "--cases", DATA / "cases"], stdout=subprocess.PIPE, text=True)
    counts, wrong = collections.Counter(), 0
    try:
        registry = "127.0.0.1:" + server.stdout.readline().strip()
        for path in sorted((DATA / "cases").glob("*/case.json")):
            case = json.loads(path.read_text())
            for check in case["checks"]:
                if not check["key"] or check["require_tlog"] or check["attestation_type"]:
                    continue
                got = verdict(tegata, registry, check)
                counts[got] += 1
                if check["expect"] != "either" and got != check["expect"]:
                    wrong += 1
                    print(f"{case['name']} {check['label']}: expected {check['expect']}, got {got}")
    finally:
        server.terminate()
        server.wait()
    print(f"{sum(counts.values())} checks, {wrong} wrong: {dict(counts)}")
    return 0 if wrong == 0 and sum(counts.values()) == MUST_RUN else 1


if __name__ == "__main__":
    sys.exit(main())
