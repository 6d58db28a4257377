#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""New images: many requests for one digest share one verification, and many images behind a proxy lose no request (the registry offers
HTTP/2, which libcurl 7.88 cannot share in a proxy's tunnel). Over HTTP/2 without a proxy: registry_test/http2_test.cc.

usage: cold_path_test.py TEGATA [--report]    --report: prints requests and times
"""
import asyncio
import base64
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import softening_test
from softening_test import KEYS, SIGNATURE, Registry, Serve, make_certificate, openssl, payload_of

REPORT = False
HOST = "registry.example.org"
DELAY = 0.1  # of each answer of the registry


def sign(registry, image):
    payload = payload_of(image, 0)
    signature = base64.b64encode(openssl("dgst", "-sha256", "-sign", KEYS / "hand-p256.pem", input=payload)).decode()
    registry.add_layers(image, ".sig", SIGNATURE, [(payload, {"dev.cosignproject.cosign/signature": signature})])
    return image


class Tunnel:
    """A proxy (CONNECT) through which every host is the one at `port`: connections to loopback would be refused."""

    def __init__(self, port):
        self.port, self.connections = port, 0
        self.loop = asyncio.new_event_loop()
        server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def serve(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        self.connections += 1
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(self.copy(reader, to_server), self.copy(from_server, writer))

    @staticmethod
    async def copy(reader, writer):
        try:
            while chunk := await reader.read(65536):
                writer.write(chunk)
        finally:
            writer.close()


class Http2Proxy:
    """nginx that offers HTTP/2 over TLS before a registry."""

    def __init__(self, folder, registry):
        self.port = free_port()
        (folder / "nginx.conf").write_text(f"""
            daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr crit;
            events {{ worker_connections 2048; }}
            http {{
              access_log off;
              client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
              uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
              http2_max_concurrent_streams 256;
              server {{
                listen 127.0.0.1:{self.port} ssl http2;
                ssl_certificate {folder}/tls.crt; ssl_certificate_key {folder}/tls.key;
                location / {{ proxy_pass http://{registry.host}; proxy_http_version 1.1; }}
              }}
            }}""")
        self.process = subprocess.Popen([nginx(), "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)


def nginx():
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ColdPath(unittest.TestCase):
    program = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        make_certificate(self.folder, HOST)

    def serve(self, hosts, *more):
        rule = {"name": "signed", "signature": {"anyOf": [{"key": {"file": str(KEYS / "hand-p256.pub")}}]}}
        serve = Serve(self.folder, hosts, rule, more)
        self.addCleanup(lambda: (serve.process.terminate(), serve.process.wait(timeout=30)))
        return serve

    def test_a_thousand_requests_for_a_new_digest(self):
        registry = Registry(DELAY)
        image = sign(registry, registry.image("app"))
        serve = self.serve([registry.host])
        answers, began = [], time.monotonic()
        threads = [threading.Thread(target=lambda: answers.append(serve.ask([image], timeout=30))) for _ in range(1000)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if REPORT:
            print(f"1,000 requests: {registry.requests} requests to the registry, {time.monotonic() - began:.1f} s")
        self.assertEqual(sum(answer["allowed"] for answer in answers), 1000,
                         [answer["status"]["message"] for answer in answers if not answer["allowed"]][:1])
        self.assertEqual(registry.requests, 5)

    @unittest.skipUnless(nginx(), "nginx is not installed")
    def test_fifty_images_behind_a_proxy(self):
        registry = Registry(DELAY)
        proxy = Http2Proxy(self.folder, registry)
        self.addCleanup(proxy.stop)
        tunnel = Tunnel(proxy.port)
        os.environ["HTTPS_PROXY"] = tunnel.url
        self.addCleanup(os.environ.pop, "HTTPS_PROXY")
        images = [sign(registry, registry.image(f"app{n}")).replace(registry.host, HOST) for n in range(50)]
        serve = self.serve([], "--registry-ca", self.folder / "tls.crt")
        began = time.monotonic()
        answer = serve.ask(images, timeout=30)
        if REPORT:
            print(f"50 images behind a proxy: {registry.requests} requests, {tunnel.connections} connections, "
                  f"{time.monotonic() - began:.2f} s")
        self.assertTrue(answer["allowed"])
        self.assertNotIn("warnings", answer)
        self.assertEqual(registry.requests, 50 * 5)


if __name__ == "__main__":
    REPORT = "--report" in sys.argv
    softening_test.Softening.program = ColdPath.program = sys.argv[1]
    unittest.main(argv=sys.argv[:1], verbosity=2)
