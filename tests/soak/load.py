# SPDX-License-Identifier: Apache-2.0
"""The load of the soak: clients that ask without end, and what each answer must be."""
import collections
import contextlib
import http.client
import json
import os
import socket
import ssl
import threading
import time

import world

GRACE = 3.0  # seconds after a fault in which its effects may still be seen
UNKNOWN = {"CheckTimedOut", "RegistryUnreachable", "RegistryRateLimited", "RegistryAnswerMalformed", "RegistryUnauthorized"}
TIMEOUT = 5  # seconds
PATH = f"/validate?timeout={TIMEOUT}s"
CONTEXT = ssl._create_unverified_context()


class Faults:
    """What fails now, or did a moment ago."""

    def __init__(self):
        self.ended = collections.defaultdict(lambda: -1e9)

    def begin(self, what):
        self.ended[what] = float("inf")

    def end(self, what):
        self.ended[what] = time.monotonic()

    def seen_since(self, what, began):
        return self.ended[what] > began - GRACE


class Load:
    """Counts answers, and keeps what was wrong."""

    def __init__(self, serve):
        self.serve, self.faults = serve, Faults()
        self.lock = threading.Lock()
        self.answered = {}  # uid: (decision, reasons)
        self.counts, self.wrong = collections.Counter(), []
        self.slowest, self.retried = 0.0, 0
        self.ending, self.stopping = threading.Event(), threading.Event()
        self.threads = []
        self.cached = [serve.registry.signed_image(f"cached/{i}") for i in range(20)]
        self.unsigned = serve.registry.unsigned_image("unsigned/known")

    def fail(self, what):
        with self.lock:
            self.wrong.append(what)

    def connection(self):
        return http.client.HTTPSConnection("127.0.0.1", self.serve.port, context=CONTEXT, timeout=30)

    def ask(self, connection, body):
        connection.request("POST", PATH, body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        return reply.status, reply.read(), reply.will_close

    def exchange(self, connection, body):
        """Asks again on a new connection if a kept one was closed before any answer, as Go's client does."""
        fresh = connection.sock is None
        try:
            return self.ask(connection, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            connection.close()
            if fresh:
                raise
            with self.lock:
                self.retried += 1
            return self.ask(connection, body)

    def judge(self, kind, image, began, uid, status, reply):
        """`kind`: cached and new must be allowed, unsigned must be denied; what may be otherwise under a fault."""
        if status == 429:
            with self.lock:
                self.counts["429"] += 1
            if not self.faults.seen_since("overload", began):
                self.fail(f"{kind}: HTTP 429 without overload")
            return
        if status != 200:
            return self.fail(f"{kind}: HTTP {status}")
        response = json.loads(reply)["response"]
        reasons = set(filter(None, response["auditAnnotations"]["reasons"].split(",")))
        with self.lock:
            self.answered[uid] = (response["allowed"], reasons)
            self.counts[kind] += 1
        if response["uid"] != uid:
            self.fail(f"{kind}: the uid of another request")
        elif "AuditUnavailable" in reasons:
            if not self.faults.seen_since("audit", began):
                self.fail(f"{kind}: AuditUnavailable while the audit log works")
        elif response["allowed"] != (kind != "unsigned"):
            failing = self.faults.seen_since("registry", began)
            excused = kind == "new" and not response["allowed"] and failing and (reasons <= UNKNOWN or self.faults.seen_since("lying", began))
            busy = kind == "new" and reasons == {"CheckTimedOut"} and self.faults.seen_since("overload", began)
            if not excused and not busy:
                self.fail(f"{kind}: {'allowed' if response['allowed'] else 'denied'}, {sorted(reasons)}: {image}")

    def repeat(self, kind, image_of, pause, annotations=None, until=float("inf")):
        """Asks about image_of() until the end."""
        connection = self.connection()
        while not self.ending.is_set() and time.monotonic() < until:
            image = image_of()
            uid, body = world.review(image, annotations)
            began = time.monotonic()
            try:
                status, reply, closed = self.exchange(connection, body)
            except OSError as error:  # RemoteDisconnected is one, too
                connection.close()
                if self.stopping.is_set() and isinstance(error, ConnectionRefusedError):
                    return
                # A connection that the kernel completed after the listener was closed is reset with no answer.
                if not (self.stopping.is_set() and connection.sock is None and self.serve.process.poll() is not None):
                    self.fail(f"{kind}: unanswered: {error!r}")
                continue
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.judge(kind, image, began, uid, status, reply)
            if closed:
                connection.close()
            time.sleep(pause)

    def close_early(self):
        """Sends a request, or a part of one, and does not wait for the answer."""
        while not self.ending.is_set() and not self.stopping.is_set():
            with contextlib.suppress(OSError):
                with CONTEXT.wrap_socket(socket.create_connection(("127.0.0.1", self.serve.port))) as early:
                    _, body = world.review(self.cached[0])
                    request = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
                    early.sendall(request.encode()[:len(request) if self.counts["closed early"] % 2 else 300])
            with self.lock:
                self.counts["closed early"] += 1
            time.sleep(0.05)

    def start(self, work, *arguments):
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        self.threads.append(thread)

    def some_cached(self):
        return self.cached[os.urandom(1)[0] % len(self.cached)]

    def new_signed(self):
        return self.serve.registry.signed_image(f"new/{os.urandom(6).hex()}")

    def unsigned_ones(self):
        known = os.urandom(1)[0] < 128
        return self.unsigned if known else self.serve.registry.unsigned_image(f"unsigned/{os.urandom(6).hex()}")

    def begin(self):
        dense = {f"k{i}": "v" for i in range(10_000)}
        for _ in range(3):
            self.start(self.repeat, "cached", self.some_cached, 0.01)
        self.start(self.repeat, "new", self.new_signed, 0.2)
        self.start(self.repeat, "unsigned", self.unsigned_ones, 0.1)
        self.start(self.repeat, "large", self.some_cached, 0.5, {"padding": "x" * 2_000_000})
        self.start(self.repeat, "dense", self.some_cached, 0.5, dense)
        self.start(self.close_early)
        self.idle = [CONTEXT.wrap_socket(socket.create_connection(("127.0.0.1", self.serve.port))) for _ in range(100)]

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join(40)
            if thread.is_alive():
                self.fail("a client still waits for an answer")
