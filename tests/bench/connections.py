# SPDX-License-Identifier: Apache-2.0
"""What connections cost `tegata serve` while nothing, or almost nothing, arrives on them; a burst of them; start and memory."""
import contextlib
import resource
import select
import socket
import ssl
import statistics
import time

import surroundings

VALIDATE = "/validate?timeout=10s"
CONTEXT = ssl._create_unverified_context()


def opened(serve):
    connection = CONTEXT.wrap_socket(socket.create_connection(("127.0.0.1", serve.port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def cpu_seconds(serve):
    return time.clock_gettime((~serve.process.pid << 3) | 2)  # as clock_getcpuclockid(3) numbers it


def new_client(serve, request):
    """Milliseconds from connect to the answer."""
    began = time.monotonic()
    with opened(serve) as connection:
        connection.sendall(request)
        connection.recv(4096)
    return (time.monotonic() - began) * 1000


def burst(port, count):
    """Milliseconds until the last of `count` connections that begin at once is open."""
    with contextlib.ExitStack() as stack:
        poll, began, took = select.poll(), {}, []
        for _ in range(count):
            one = stack.enter_context(socket.socket())
            one.setblocking(False)
            began[one.fileno()] = time.monotonic()
            one.connect_ex(("127.0.0.1", port))
            poll.register(one, select.POLLOUT)
        while len(took) < count:
            for number, _ in poll.poll(5000):
                poll.unregister(number)
                took.append((time.monotonic() - began[number]) * 1000)
    return max(took)


def bare_burst(count):
    """The same to a listener that accepts none: what the kernel and this client take."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        return burst(listener.getsockname()[1], count)


def medians(pairs):
    return map(statistics.median, zip(*pairs))


def started_milliseconds(build, address):
    serve = surroundings.Serve(build, address)
    with serve:
        return serve.started_milliseconds


def run(build, quick, table, demand):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    rows = []

    def note(what, seen, bare, unit, most):
        holds = "yes" if seen <= most else "NO" if bare is None or bare <= most else "machine too busy to tell"
        rows.append([what, f"{seen:.2f} {unit}", f"{most} {unit}", "-" if bare is None else f"{bare:.2f} {unit}", holds])

    with contextlib.ExitStack() as stack:
        address = stack.enter_context(surroundings.registry(build))
        note("start to ready, median of 5", statistics.median(started_milliseconds(build, address) for _ in range(5)), None, "ms", 100)
        serve = stack.enter_context(surroundings.Serve(build, address))
        note("memory, idle", serve.memory()[1], None, "MiB", 20)
        body = serve.write("review.json", surroundings.deployment([surroundings.image(address, "legacy-key-p256")]))
        request = (f"POST {VALIDATE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.stat().st_size}\r\n\r\n"
                   ).encode() + body.read_bytes()
        for connections, most in ((64, 32), (256, 48)):
            seen = surroundings.load(serve, [("one", VALIDATE, body)], connections, 1, 10**9, 1000 if quick else 3000)["one"]
            demand(seen["allowed"] == seen["requests"], f"{connections} busy connections: {seen['statuses']}")
            note(f"peak memory, {connections} busy connections", serve.memory()[0], None, "MiB", most)

        alone, serve = serve, stack.enter_context(surroundings.Serve(build, address))
        idle = [stack.enter_context(opened(serve)) for _ in range(3000)]
        seconds = 3 if quick else 10
        before = cpu_seconds(serve)
        time.sleep(seconds)
        note("CPU, 3,000 idle connections", (cpu_seconds(serve) - before) / seconds * 100, None, "% of a core", 1)
        note("memory, 3,000 idle connections", serve.memory()[1], None, "MiB", 80)
        for one in idle[1000:]:
            one.close()
        time.sleep(1)  # the server takes note of their end
        turns = [(burst(serve.port, 400), bare_burst(400)) for _ in range(3)]
        note("burst of 400 connects, the slowest, median of 3", *medians(turns), "ms", most=200)
        for one in idle[:8]:
            one.sendall(request[:200])
        waits = []
        for number in range(20):
            for one in idle[:8]:
                one.sendall(request[200 + number:201 + number])
            waits.append((new_client(serve, request), new_client(alone, request)))
            time.sleep(0.1)
        note("a new client beside 1,000 idle and 8 trickling, the slowest of 20", *map(max, zip(*waits)), "ms", most=100)
    table("Connections, start and memory", ["what", "seen", "at most", "the same, bare", "holds"], rows)
    return rows
