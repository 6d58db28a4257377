# SPDX-License-Identifier: Apache-2.0
"""A moto server that checks signatures and rights, started once for a test program (scripts/bootstrap --test installs moto)."""
import http.client
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree

TOOLS = pathlib.Path(os.environ.get("TEGATA_TOOLS", pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "tegata/tools"))
MOTO = TOOLS / "moto/bin/moto_server"
FREE = 40  # calls that are not checked, for the users and roles of a test
ACCOUNT = "123456789012"  # moto's own


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unsigned(service, region):
    """moto reads service and region from a header of this form, and does not check it among the first calls."""
    return f"AWS4-HMAC-SHA256 Credential=x/20260101/{region}/{service}/aws4_request, SignedHeaders=host, Signature=x"


class Forwarder(http.server.BaseHTTPRequestHandler):
    """Hands calls to moto as they are (the signature covers the Host header, which stays) and counts them. moto says that every ECR login
    expired in 2015: here it does in twelve hours."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = self.headers["X-Amz-Target"] or urllib.parse.parse_qs(body.decode()).get("Action", ["?"])[0]
        self.server.moto.calls.append(target.rpartition(".")[2])
        connection = http.client.HTTPConnection("127.0.0.1", self.server.moto.port, timeout=30)
        connection.request("POST", self.path, body, dict(self.headers))
        answer = connection.getresponse()
        content = re.sub(rb'"expiresAt": ?[0-9.]+', b'"expiresAt": %d' % (time.time() + 12 * 3600), answer.read())
        self.send_response(answer.status)
        for name in ("Content-Type", "x-amzn-ErrorType"):
            if answer.headers[name]:
                self.send_header(name, answer.headers[name])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


class Moto:
    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.calls = []
        self.front = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forwarder)
        self.front.moto = self
        threading.Thread(target=self.front.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.front.server_port}"  # for the program that is tested
        self.log = subprocess.DEVNULL
        environment = {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": str(FREE)}
        environment.pop("HTTPS_PROXY", None)
        self.process = subprocess.Popen([MOTO, "-H", "127.0.0.1", "-p", str(self.port)], env=environment,
                                        stdout=self.log, stderr=self.log)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.url}/moto-api/", timeout=5).read()
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        raise RuntimeError("moto did not start")

    def stop(self):
        self.front.shutdown()
        self.front.server_close()
        self.process.terminate()
        self.process.wait(timeout=30)

    def reset(self):
        self.calls.clear()
        for path, body in (("reset", b""), ("reset-auth", str(FREE).encode())):
            self.post(f"/moto-api/{path}", body, {"Content-Type": "text/plain"})

    def end_of_free_calls(self):
        self.post("/moto-api/reset-auth", b"0", {"Content-Type": "text/plain"})

    def post(self, path, body, headers):
        request = urllib.request.Request(self.url + path, data=body, headers=headers)
        return urllib.request.urlopen(request, timeout=30).read()

    def iam(self, account=ACCOUNT, **fields):
        body = urllib.parse.urlencode({"Version": "2010-05-08", **fields}).encode()
        return self.post("/", body, {"Authorization": unsigned("iam", "us-east-1"), "X-Moto-Account-Id": account})

    def ecr(self, operation, account=ACCOUNT, **fields):
        return json.loads(self.post("/", json.dumps(fields).encode(), {
            "X-Moto-Account-Id": account, "Authorization": unsigned("ecr", "eu-west-1"), "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921." + operation}))

    def user(self, name, *actions, document=None):
        """The environment of a user who may do this, or what the policy `document` allows."""
        self.iam(Action="CreateUser", UserName=name)
        answer = xml.etree.ElementTree.fromstring(self.iam(Action="CreateAccessKey", UserName=name))
        text = {element.tag.rpartition("}")[2]: element.text for element in answer.iter()}
        self.iam(Action="PutUserPolicy", UserName=name, PolicyName="p", PolicyDocument=document or policy(actions))
        return {"AWS_ACCESS_KEY_ID": text["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": text["SecretAccessKey"],
                "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": self.endpoint}

    def role(self, account, name, *actions, document=None, trust=None):
        trust = trust or json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]})
        self.iam(account, Action="CreateRole", RoleName=name, AssumeRolePolicyDocument=trust)
        self.iam(account, Action="PutRolePolicy", RoleName=name, PolicyName="p", PolicyDocument=document or policy(actions))
        return f"arn:aws:iam::{account}:role/{name}"


def policy(actions):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]})
