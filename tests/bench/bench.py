#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every bench and prints Markdown tables: medians of runs that take turns, and ratios between them.

usage: bench.py --build DIR [--quick] [--only NAME,…] [--save FILE]; tests/bench/run builds first.
"""
import argparse
import datetime
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import beside_nginx
import connections
import surroundings

VALIDATE = "/validate?timeout=10s"


def table(title, head, rows):
    print(f"\n### {title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print("| " + " | ".join(cell if isinstance(cell, str) else f"{cell:,.2f}" if cell < 100 else f"{cell:,.0f}" for cell in row) + " |")
    sys.stdout.flush()


def demand(condition, what):
    if not condition:
        sys.exit(f"bench: {what}: this is not what was to be measured")


def load(build, quick):
    """Cached decisions over kept TLS connections, beside replies that the same server gives without deciding."""
    rounds = 5 if quick else 20
    results = {}
    with surroundings.registry(build) as address, surroundings.Serve(build, address) as serve:
        pinned = serve.write("pinned.json", surroundings.deployment([surroundings.image(address, "legacy-key-p256")]))
        three = [surroundings.image(address, case, "tag") for case in ("legacy-key-p256", "bundle-key-p256", "bundle-key-p256-refapi")]
        tagged = serve.write("tagged.json", surroundings.deployment(three))
        targets = [("404 to the same body", "/nothing", pinned), ("one image by digest", VALIDATE, pinned),
                   ("three images by tag", VALIDATE, tagged), ("404 without body", "/nothing")]
        serve.load(targets, 1, 1, 20)  # fills the caches
        rows = []
        for connections, requests in ((1, 100), (8, 25)):
            seen = results[connections] = serve.load(targets, connections, rounds, requests)
            base = seen["404 to the same body"]
            for name, one in seen.items():
                decided = VALIDATE in [path for title, path, *_ in targets if title == name]
                demand(one["statuses"] == {"200" if decided else "404": one["requests"]}, f"{name}: {one['statuses']}")
                demand(not decided or one["allowed"] > 0.9 * one["requests"], f"{name}: only {one['allowed']} were allowed")
                unrecorded = str(one["requests"] - one["allowed"]) if decided else "-"  # denied: the audit log did not answer in time
                rows.append([str(connections), name, str(one["requests"]), unrecorded, one["cpuMicroseconds"], one["cpuMicroseconds"] / base["cpuMicroseconds"],
                             one["p50Microseconds"], one["p99Microseconds"], one["p50Microseconds"] / base["p50Microseconds"]])
    table("Cached decision over TLS keep-alive", ["connections", "request", "n", "of these AuditUnavailable", "server CPU µs", "ratio to 404", "p50 µs", "p99 µs", "p50 ratio"], rows)
    return results


def cold(build, quick):
    """Verification with nothing cached, at a near and a far registry."""
    command = [build / "tests/bench/cold_bench", "--rounds", "5" if quick else "40"]
    seen = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    near = {one["subject"]: one for one in seen if one["delayMilliseconds"] == 0}
    rows = []
    for far in (one for one in seen if one["delayMilliseconds"] != 0):
        here = near[far["subject"]]
        rows.append([far["subject"], str(far["sequentialRoundTrips"]), str(far["requests"]), str(far["mostRepeated"]), str(far["mostPings"]),
                     here["medianMilliseconds"], far["medianMilliseconds"], far["p90Milliseconds"], far["medianMilliseconds"] / far["delayMilliseconds"]])
    table("Cold verification", ["image", "round trips", "requests", "asked twice", "pings", "loopback ms", "+20 ms: ms", "p90 ms", "in 20 ms"], rows)
    return seen


def verify(build, quick):
    """Verification from bytes in memory, beside the bare operation."""
    command = [build / "tests/bench/verify_bench", "--benchmark_format=json", "--benchmark_enable_random_interleaving=true",
               f"--benchmark_repetitions={3 if quick else 15}", f"--benchmark_min_time={0.02 if quick else 0.1}"]
    seen = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)["benchmarks"]
    medians, candidates = {}, {}
    for one in seen:
        demand(not one.get("error_occurred"), one["name"])
        if one.get("aggregate_name") == "median":
            medians[one["run_name"]] = one["cpu_time"] / 1000
            candidates[one["run_name"]] = one.get("candidates", 1)
    rows = [["nothing but " + name.removeprefix("library/"), "-", "-", cost, "-"] for name, cost in medians.items() if name.startswith("library/")]
    for name in (name for name in medians if name.startswith("tegata/")):
        title, bare = name.removeprefix("tegata/"), medians[name.replace("tegata/", "bare/")]
        rows.append([title, str(int(candidates[name])), medians[name], bare, medians[name] / candidates[name] / bare])
    table("Verification from bytes in memory", ["signature", "candidates", "tegata µs", "bare µs", "ratio a candidate"], rows)
    return seen


def memory(build, quick):
    """Peak memory of serve: idle, after cached requests, after bodies of 3 MB."""
    rows, results = [], []
    with surroundings.registry(build) as address, surroundings.Serve(build, address) as serve:
        def note(what):
            peak, present = serve.memory()
            results.append({"after": what, "peakMiB": peak, "residentMiB": present})
            rows.append([what, peak, present])
        wanted = [surroundings.image(address, "legacy-key-p256")]
        small = serve.write("small.json", surroundings.deployment(wanted))
        large = serve.write("large.json", surroundings.deployment(wanted, 3 * 1000 * 1000))
        note("start, idle")
        for connections, requests, body, what in ((8, 1250, small, "10,000 cached requests, 8 connections"), (1, 20, large, "20 bodies of 3 MB, one at a time"),
                                                  (8, 5, large, "40 bodies of 3 MB, 8 at a time")):
            seen = serve.load([("all", VALIDATE, body)], connections, 1, requests)["all"]
            demand(seen["allowed"] > 0.9 * seen["requests"], f"{what}: {seen}")
            note(what)
    table("Memory of `tegata serve`", ["after", "peak MiB", "resident MiB"], rows)
    return results


CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def fresh_id(number):
    text = ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        text = CROCKFORD[digit] + text
    return text


def multiply(source, target, wanted):
    """Writes the audit log `source` with its records repeated under fresh ids until there are `wanted`."""
    lines = source.read_text().splitlines()
    kinds = [json.loads(line) for line in lines]
    records = [(line, kind["id"]) for line, kind in zip(lines, kinds) if kind["kind"] == "DecisionRecord"]
    halves = [line.split(f'"{name}"') for line, name in records]
    demand(records and all(len(pieces) == 2 for pieces in halves), "ids of records")
    with open(target, "w") as out:
        out.writelines(line + "\n" for line, kind in zip(lines, kinds) if kind["kind"] != "DecisionRecord")
        for number in range(wanted):
            before, after = halves[number % len(halves)]
            out.write(f'{before}"{fresh_id(number)}"{after}\n')
    return len(records)


def replayed(build, serve, audit):
    """One run of tegata replay: seconds, CPU seconds, peak MiB, and its summary."""
    command = [build / "tegata", "replay", "--policy", serve.policy, "--evidence-dir", serve.folder / "evidence", "-o", "json", audit]
    with tempfile.TemporaryFile() as out:
        before = time.monotonic()
        process = subprocess.Popen(list(map(str, command)), stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - before
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        summary = json.load(out)
    demand(process.returncode == 0, f"replay ended with {process.returncode}")
    return {"seconds": seconds, "cpuSeconds": used.ru_utime + used.ru_stime, "peakMiB": used.ru_maxrss / 1024, "summary": summary.get("summary")}


def replay(build, quick):
    """Judging recorded decisions again: 100,000 of them, and a tenth beside it."""
    wanted = 10_000 if quick else 100_000
    cases = ["legacy-key-p256", "bundle-key-p256", "bundle-key-p256-refapi", "legacy-key-ed25519", "bundle-key-ed25519", "neg-unsigned",
             "bundle-two-one-valid", "legacy-annotations", "bundle-annotations", "bundle-and-legacy"]
    with tempfile.TemporaryDirectory(prefix="tegata-evidence-") as evidence, surroundings.registry(build) as address:
        with surroundings.Serve(build, address, "--evidence-dir", evidence) as serve:
            (serve.folder / "evidence").symlink_to(evidence)
            images = [surroundings.image(address, case, named) for case in cases for named in ("digest", "tag")]
            for name, review in surroundings.recorded_reviews(images):
                serve.load([("one", VALIDATE, serve.write(name, review))], 1, 1, 1)
            files = {count: serve.folder / f"audit-{count}.jsonl" for count in (wanted // 10, wanted)}
            for count, path in files.items():
                originals = multiply(serve.folder / "audit.jsonl", path, count)
            baseline, runs = [], {count: [] for count in files}
            for _ in range(1 if quick else 3):
                for count, path in files.items():
                    runs[count].append(replayed(build, serve, path))
                before = time.monotonic()
                with open(files[wanted]) as lines:
                    for line in lines:
                        json.loads(line)
                baseline.append(time.monotonic() - before)
            size = files[wanted].stat().st_size / 1e6
    parse = statistics.median(baseline)
    rows = []
    for count, seen in runs.items():
        seconds = statistics.median(one["seconds"] for one in seen)
        rows.append([f"{count:,} records", seconds, statistics.median(one["cpuSeconds"] for one in seen), count / seconds, max(one["peakMiB"] for one in seen),
                     seconds / (parse * count / wanted)])
    table(f"`tegata replay` ({originals} distinct decisions, repeated under fresh ids; {size:.0f} MB)",
          ["audit log", "seconds", "CPU s", "records/s", "peak MiB", "ratio to Python's json.loads of each line"], rows)
    return {"runs": runs, "parseSeconds": baseline, "megabytes": size, "originals": originals}


def nginx(build, quick):
    return beside_nginx.run(build, quick, table, demand)


def idle(build, quick):
    return connections.run(build, quick, table, demand)


BENCHES = {"load": load, "nginx": nginx, "idle": idle, "cold": cold, "verify": verify, "memory": memory, "replay": replay}


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    total = int(open("/proc/meminfo").readline().split()[1]) / 1024 / 1024
    return f"{model}, {os.cpu_count()} CPUs, {total:.0f} GiB, Linux {os.uname().release}"


def note_load(when):
    print(f"\n{when}: {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, load average {', '.join(f'{one:.1f}' for one in os.getloadavg())}", flush=True)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: told to stop"))  # so that what was started ends, too
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default=",".join(BENCHES))
    parser.add_argument("--save", type=pathlib.Path)
    options = parser.parse_args()
    commit = subprocess.run(["git", "-C", surroundings.ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    print(f"{machine()}; commit {commit or '?'}")
    results = {}
    for name in options.only.split(","):
        note_load(name)
        results[name] = BENCHES[name](options.build.resolve(), options.quick)
    note_load("end")
    if options.save:
        options.save.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
