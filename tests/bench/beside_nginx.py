# SPDX-License-Identifier: Apache-2.0
"""Cached decisions of `tegata serve` beside nginx, which answers a static reply of the same size: same client,
TLS version, cipher, key and request; runs take turns."""
import contextlib
import pathlib
import statistics
import subprocess
import tempfile
import time

import surroundings

VALIDATE = "/validate?timeout=10s"
CONNECTIONS = (1, 8, 64, 256, 1000)
ROUNDS = 5
NOTHING = "/dev/null"  # a sink that drops records

CONFIGURATION = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 120s;
  client_body_buffer_size 64k;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl backlog=1024;
    ssl_certificate {certificate}/tls.crt;
    ssl_certificate_key {certificate}/tls.key;
    ssl_protocols TLSv1.2 TLSv1.3;
    default_type application/json;
    location / {{ return 200 '{reply}'; }}
  }}
}}
"""


class Nginx:
    """nginx with two workers and the certificate of `serve`."""

    def __init__(self, serve, reply_size):
        self.serve, self.reply_size = serve, reply_size
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="tegata-nginx-")))
        folder.chmod(0o755)
        self.port = surroundings.free_port()
        configuration = folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, port=self.port, certificate=self.serve.folder, reply="x" * self.reply_size))
        command = ["nginx", "-c", configuration, "-p", folder, "-e", folder / "error.log"]
        process = self.stack.enter_context(surroundings.started(command, stderr=subprocess.DEVNULL))
        for _ in range(200):
            workers = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            if len(workers) == 2:
                break
            time.sleep(0.02)
        self.pids = [process.pid, *map(int, workers)]
        self.build = self.serve.build
        return self

    def __exit__(self, *error):
        return self.stack.__exit__(*error)


def median_of(runs, what):
    return statistics.median(run[what] for run in runs)


def run(build, quick, table, demand, connections=CONNECTIONS):
    """Server CPU of a request and p99, as ratios to nginx: with a sink that drops records, and with records on disk."""
    rounds, milliseconds = (3, 700) if quick else (ROUNDS, 2000)
    rows, results = [], []
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(surroundings.registry(build))
        dropping = stack.enter_context(surroundings.Serve(build, address, audit_log=NOTHING))
        recording = stack.enter_context(surroundings.Serve(build, address))
        image = surroundings.image(address, "legacy-key-p256")
        body = dropping.write("review.json", surroundings.deployment([image]))
        target = [("one", VALIDATE, body)]
        for serve in (dropping, recording):
            reply_size = serve.load(target, 1, 1, 20)["one"]["bodySize"]  # fills the caches
        nginx = stack.enter_context(Nginx(dropping, reply_size))
        servers = {"nginx": nginx, "no records": dropping, "records": recording}
        for count in connections:
            runs = {name: [] for name in servers}
            for _ in range(rounds):
                for name, server in servers.items():
                    runs[name].append(surroundings.load(server, target, count, 1, 10**9, milliseconds)["one"])
            for name, seen in runs.items():
                what = f"{name}, {count} connections"
                demand(all(list(one["statuses"]) == ["200"] for one in seen), f"{what}: {[one['statuses'] for one in seen]}")
                demand(all(one["leastOfOneConnection"] > 0 for one in seen), f"{what}: a connection got no answer")
                demand(name == "nginx" or all(one["allowed"] == one["requests"] for one in seen), f"{what}: a good image was denied")
                demand(seen[0]["bodySize"] == reply_size and seen[0]["tls"] == runs["nginx"][0]["tls"], f"{what}: not the same reply and TLS")
                cpu, p99 = median_of(seen, "cpuMicroseconds"), median_of(seen, "p99Microseconds")
                base = runs["nginx"]
                rows.append([str(count), name, f"{sum(one['requests'] for one in seen)}", cpu, cpu / median_of(base, "cpuMicroseconds"),
                             median_of(seen, "p50Microseconds"), p99, p99 / median_of(base, "p99Microseconds")])
                results.append({"connections": count, "server": name, "runs": seen})
    table(f"Cached decision beside nginx ({body_words(results, reply_size)}; {rounds} runs of {milliseconds} ms in turn)",
          ["connections", "server", "n", "server CPU µs", "ratio", "p50 µs", "p99 µs", "p99 ratio"], rows)
    return results


def body_words(results, reply_size):
    return f"{results[0]['runs'][0]['tls']}, replies of {reply_size} bytes"
