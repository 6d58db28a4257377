#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares `tegata replay` of many records with that of another build, in one run; prints ratios.

Real decisions are recorded by `tegata serve` of either build, repeated under fresh ids, and judged again by both
builds in turn: under the same policy, under other keys (from the evidence), and under a stricter rule.

usage: replay_bench.py --build DIR --base TEGATA [--records N] [--rounds N] [--recorded-by new|base|both]
"""
import argparse
import http.client
import json
import os
import pathlib
import ssl
import statistics
import subprocess
import tempfile
import time

import surroundings
from bench import demand, multiply, table

CASES = ["legacy-key-p256", "bundle-key-p256", "bundle-key-p256-refapi", "legacy-key-ed25519", "bundle-key-ed25519", "neg-unsigned",
         "bundle-two-one-valid", "legacy-annotations", "bundle-annotations", "bundle-and-legacy"]


def policies(folder, address):
    keys = surroundings.DATA / "sigstore/keys"
    same = surroundings.POLICY.format(registry=address, keys=keys)
    texts = {"same policy": same, "other keys": same.replace("p256.pub", "ed25519.pub"), "stricter": same + "    - {name: pinned, digest: required}\n"}
    paths = {}
    for name, text in texts.items():
        paths[name] = folder / (name.replace(" ", "-") + ".yaml")
        paths[name].write_text(text)
    return paths


def record(program, folder, policy, address):
    """Sends recorded reviews with recorded images to `program serve`, which writes audit.jsonl and evidence."""
    folder.mkdir()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "tls.key", "-out", folder / "tls.crt"],
                   check=True, capture_output=True)
    command = [program, "serve", "--policy", policy, "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--tls-cert-file",
               folder / "tls.crt", "--tls-private-key-file", folder / "tls.key", "--audit-log", folder / "audit.jsonl", "--evidence-dir",
               folder / "evidence", "--insecure-plain-http", address, "--drain-grace", "0s"]
    images = [surroundings.image(address, case, named) for case in CASES for named in ("digest", "tag")]
    with surroundings.started(command, stderr=subprocess.PIPE) as process:
        port = next(int(told["port"]) for told in map(json.loads, process.stderr) if told["message"] == "serving")
        trust = ssl.create_default_context(cafile=folder / "tls.crt")
        caller = http.client.HTTPSConnection("localhost", port, timeout=30, context=trust)
        for _, review in surroundings.recorded_reviews(images):
            caller.request("POST", "/validate?timeout=10s", json.dumps(review), {"Content-Type": "application/json"})
            demand(caller.getresponse().read(), "an answer")
        caller.close()


def replay(program, policy, folder, audit):
    command = [program, "replay", "--policy", policy, "--evidence-dir", folder / "evidence", "-o", "json", audit]
    with tempfile.TemporaryFile() as out:
        before = time.monotonic()
        process = subprocess.Popen(list(map(str, command)), stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - before
        process.returncode = os.waitstatus_to_exitcode(status)
        demand(process.returncode in (0, 1, 2), f"replay ended with {process.returncode}")
        # Only the end: the kernel's peak of a process begins with that of its parent.
        out.seek(max(0, os.fstat(out.fileno()).st_size - 4096))
        summary = json.loads(out.read().decode(errors="replace").rpartition('"summary":')[2].rstrip().removesuffix("}"))
    return {"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "peakMiB": used.ru_maxrss / 1024, "summary": summary}


def median(runs, what):
    return statistics.median(one[what] for one in runs)


def compare(programs, recorder, wanted, rounds):
    rows = []
    with tempfile.TemporaryDirectory(prefix="tegata-replay-") as temporary, surroundings.registry(programs["build"]) as address:
        top = pathlib.Path(temporary)
        paths = policies(top, address)
        folder = top / "recorded"
        record(programs[recorder], folder, paths["same policy"], address)
        audit = folder / "many.jsonl"
        originals = multiply(folder / "audit.jsonl", audit, wanted)
        for name, policy in paths.items():
            runs = {"base": [], "new": []}
            for _ in range(rounds):
                for which, seen in runs.items():
                    seen.append(replay(programs[which], policy, folder, audit))
            base, new = runs["base"], runs["new"]
            demand(new[0]["summary"]["records"] == wanted, f"{name}: {new[0]['summary']}")
            outcome = ", ".join(f"{count} {kind}" for kind, count in new[0]["summary"].items() if count and kind not in ("records", "samePolicy"))
            rows.append([name, median(base, "cpu"), median(new, "cpu"), median(new, "cpu") / median(base, "cpu"), median(base, "seconds"),
                         median(new, "seconds"), median(new, "seconds") / median(base, "seconds"), max(one["peakMiB"] for one in new), outcome])
    table(f"`tegata replay` of {wanted:,} records ({originals} distinct, recorded by {recorder}; {rounds} rounds, {os.cpu_count()} cores)",
          ["judged by", "base CPU s", "new CPU s", "CPU ratio", "base s", "new s", "ratio", "new peak MiB", "outcome"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="build folder with tegata and tests/support/layout_server")
    parser.add_argument("--base", type=pathlib.Path, required=True, help="the program to compare with")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--recorded-by", choices=("new", "base", "both"), default="both")
    given = parser.parse_args()
    programs = {"build": given.build, "new": given.build / "tegata", "base": given.base}
    for recorder in ("new", "base") if given.recorded_by == "both" else (given.recorded_by,):
        compare(programs, recorder, given.records, given.rounds)


if __name__ == "__main__":
    main()
