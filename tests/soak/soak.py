# SPDX-License-Identifier: Apache-2.0
"""Runs `tegata serve` under steady mixed load, and brings about each fault in turn: certificate rotation, policy reload, a
registry that is down, slow, lying, limiting and up again; an audit log that is rotated, stalled, full and freed; ten times the
load; at the end SIGTERM. All the while signed images are allowed and unsigned ones denied, each answered request is recorded
exactly once, every request is answered, and memory is flat. Prints a table; exit code 1 if something does not hold.

usage: soak [--minutes N] [--program build/release/tegata] [--keep DIR]
"""
import argparse
import collections
import os
import pathlib
import resource
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from load import TIMEOUT, Load
from world import Serve

FLAT = 12.0  # MiB that the end may lie above the first full round


def certificate_rotation(serve, load, seconds):
    serial = str(int(time.time()))
    serve.write_certificate(serial)
    serve.process.send_signal(signal.SIGHUP)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        seen = subprocess.run(["openssl", "x509", "-noout", "-serial"], input=ssl.get_server_certificate(("127.0.0.1", serve.port)),
                              capture_output=True, text=True).stdout
        if int(seen.split("=")[1], 16) == int(serial):
            return time.sleep(seconds)
        time.sleep(0.1)
    load.fail("the new certificate is not served")


def policy_reload(serve, load, seconds):
    for name in ("second", "first"):
        serve.write_policy(name)
        serve.process.send_signal(signal.SIGHUP)
        time.sleep(seconds / 3)
    serve.write_policy("", "kind: broken\n")
    serve.process.send_signal(signal.SIGHUP)
    time.sleep(seconds / 3)
    serve.write_policy("first")
    serve.process.send_signal(signal.SIGHUP)


def registry(mode):
    def fault(serve, load, seconds):
        what = ["registry"] + (["lying"] if mode == "lying" else [])
        for each in what:
            load.faults.begin(each)
        serve.registry.become(mode)
        time.sleep(seconds)
        serve.registry.become("up")
        for each in what:
            load.faults.end(each)
    return fault


def registry_up(serve, load, seconds):
    """New images are allowed again: past the time in which the earlier fault may still be seen."""
    time.sleep(seconds + 3.5)
    before, until = load.counts["new"], time.monotonic() + 20
    while load.counts["new"] == before:
        if time.monotonic() > until:
            return load.fail("no new image is answered although the registry is back")
        time.sleep(0.1)


def audit_rotated(serve, load, seconds):
    for _ in range(3):
        serve.move_audit_log()
        serve.reload(r"the audit log was reopened")
        time.sleep(seconds / 3)


def audit_stalled(serve, load, seconds):
    """A pipe whose reader pauses for 60 to 500 ms: every decision waits, and none is denied."""
    serve.move_audit_log()
    os.mkfifo(serve.audit)
    pipe = os.open(serve.audit, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(pipe, True)
    ended = threading.Event()

    def read():
        pauses = [0.06, 0.2, 0.5]
        while piece := os.read(pipe, 65536):
            serve.from_pipe.append(piece)
            if not ended.is_set() and len(serve.from_pipe) % 5 == 0:
                time.sleep(pauses[len(serve.from_pipe) // 5 % 3])
        os.close(pipe)

    serve.process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    time.sleep(seconds)
    ended.set()
    serve.audit.unlink()
    serve.reload(r"the audit log was reopened")
    reader.join(10)
    if reader.is_alive():
        load.fail("the pipe is still open after the audit log was reopened")


def audit_full(serve, load, seconds):
    """A file that may not grow, as on a full disk; then it may again."""
    load.faults.begin("audit")
    limits = resource.prlimit(serve.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(serve.process.pid, resource.RLIMIT_FSIZE, (serve.audit.stat().st_size + 100, limits[1]))
    time.sleep(seconds)
    resource.prlimit(serve.process.pid, resource.RLIMIT_FSIZE, limits)
    load.faults.end("audit")


def overload(serve, load, seconds):
    load.faults.begin("overload")
    until = time.monotonic() + seconds
    wanted = [("cached", load.some_cached), ("cached", load.some_cached), ("unsigned", load.unsigned_ones)]
    threads = [threading.Thread(target=load.repeat, args=(*wanted[i % 3], 0, None, until), daemon=True) for i in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        if thread.is_alive():
            load.fail("overload: a client still waits for an answer")
    load.faults.end("overload")


def nothing(serve, load, seconds):
    time.sleep(seconds)


FAULTS = [("none", nothing), ("certificate rotation", certificate_rotation), ("policy reload, one broken", policy_reload),
          ("registry down", registry("down")), ("registry slow", registry("slow")), ("registry lying", registry("lying")),
          ("registry answers 429", registry("limiting")), ("registry back up", registry_up), ("audit log rotated", audit_rotated),
          ("audit log stalled 60 to 500 ms", audit_stalled), ("audit log full", audit_full), ("audit log freed", nothing),
          ("ten times the load", overload), ("clients close early", nothing)]


class Pauses:
    """The longest time for which this program did not run, although it only slept for 10 ms: the machine was too busy."""

    def __init__(self):
        self.longest = 0.0
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        last = time.monotonic()
        while True:
            time.sleep(0.01)
            now = time.monotonic()
            self.longest, last = max(self.longest, now - last), now


class Table:
    """One row for each fault."""

    def __init__(self, serve, load):
        self.serve, self.load, self.pauses, self.failed, self.memory = serve, load, Pauses(), 0, []
        print("| fault | s | answered | denied, not recorded | 429 | asked again | slowest ms | paused ms | wrong | MiB |")
        print("|---|---|---|---|---|---|---|---|---|---|")

    def row(self, name, act):
        load = self.load
        with load.lock:
            load.counts.clear()
            load.wrong.clear()
            before = len(load.answered)
            load.slowest = load.retried = self.pauses.longest = 0
        began = time.monotonic()
        act()
        if load.slowest > TIMEOUT + 2 * self.pauses.longest:
            load.fail("an answer came after the caller's timeout")
        with load.lock:
            answers = list(load.answered.values())[before:]
            wrong, counts = list(load.wrong), dict(load.counts)
        unrecorded = sum("AuditUnavailable" in reasons for _, reasons in answers)
        self.memory.append(self.serve.memory() if self.serve.process.poll() is None else self.memory[-1])
        print(f"| {name} | {time.monotonic() - began:.0f} | {len(answers)} | {unrecorded} | {counts.get('429', 0)} | {load.retried} | "
              f"{load.slowest * 1000:.0f} | {self.pauses.longest * 1000:.0f} | {len(wrong)} | {self.memory[-1]:.0f} |", flush=True)
        for text, count in collections.Counter(wrong).most_common(5):
            print(f"  WRONG ({count}): {text}", flush=True)
        self.failed += len(wrong)


def sigterm(serve, load):
    load.stopping.set()
    serve.process.send_signal(signal.SIGTERM)
    try:
        if serve.process.wait(30) != 0:
            load.fail(f"tegata serve ended with {serve.process.returncode}")
    except subprocess.TimeoutExpired:
        load.fail("tegata serve did not end within 30 s of SIGTERM")
        serve.process.kill()
    load.end()


def check_records(serve, load):
    """Each answered request is recorded exactly once, with its decision."""
    recorded, unconfirmed = collections.defaultdict(list), 0
    for line in serve.records():
        unconfirmed += len(line.get("ids", [])) if line["kind"] == "Unconfirmed" else 0
        if line["kind"] == "DecisionRecord" and "uid" in line["request"]:
            recorded[line["request"]["uid"]].append(line["verdict"]["decision"])
    for uid, (allowed, reasons) in load.answered.items():
        seen = recorded.get(uid, [])
        if "AuditUnavailable" in reasons:
            if len(seen) > 1:
                load.fail("a refused record is in the log more than once")
        elif seen != ["allow" if allowed else "deny"]:
            load.fail(f"answered {'allow' if allowed else 'deny'}, recorded {seen}")
    print(f"\n{len(load.answered)} answers, {sum(map(len, recorded.values()))} records, {unconfirmed} written after their deadline")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10, help="how long, but one round of all faults at least: 0 is the short form, of less than one minute (default: 10)")
    parser.add_argument("--program", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2] / "build/release/tegata")
    parser.add_argument("--keep", type=pathlib.Path, help="an empty folder for logs and records, which is not removed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tegata-soak-") as temporary:
        if options.keep and options.keep.exists() and any(options.keep.iterdir()):
            parser.error(f"--keep {options.keep}: the folder is not empty")
        serve = Serve(options.program.resolve(), options.keep or temporary)
        try:
            sys.exit(soak(serve, options.minutes))
        finally:
            serve.process.kill()


def soak(serve, minutes):
    load = Load(serve)
    table = Table(serve, load)
    load.begin()
    began, seconds = time.monotonic(), max(1.2, min(10.0, minutes * 60 / len(FAULTS) / 2))
    first_round = None
    while first_round is None or time.monotonic() - began < minutes * 60 - 5:
        for name, fault in FAULTS:
            table.row(name, lambda: fault(serve, load, seconds))
        first_round = first_round or len(table.memory)
    table.row("SIGTERM", lambda: sigterm(serve, load))
    with load.lock:
        load.wrong.clear()
    check_records(serve, load)
    half, several = table.memory[first_round // 2:first_round], table.memory[-4:-1]  # warm; before SIGTERM
    grown = statistics.median(several) - statistics.median(half)
    print(f"memory: {table.memory[0]:.0f} MiB at first, {max(table.memory):.0f} at most, {table.memory[-2]:.0f} at the end; grown by {grown:.1f}")
    if grown > FLAT:
        load.fail(f"memory grew by {grown:.1f} MiB")
    for text, count in collections.Counter(load.wrong).most_common(10):
        print(f"WRONG ({count}): {text}")
    failed = table.failed + len(load.wrong)
    print(f"soak: {'ok' if failed == 0 else f'{failed} failures'} after {(time.monotonic() - began) / 60:.1f} minutes")
    return 1 if failed else 0


main()
