# SPDX-License-Identifier: Apache-2.0
"""A stand-in for what moto cannot do. Every request to it, and every answer of a test, is validated against botocore's service model."""
import glob
import http.server
import json
import sys
import threading

import moto_server

MODELS = {"AmazonEC2ContainerRegistry_V20150921": "ecr"}


def botocore():
    """botocore as moto has it."""
    sys.path.extend(glob.glob(str(moto_server.TOOLS / "moto/lib/python3*/site-packages")))
    import botocore.loaders
    import botocore.model
    import botocore.validate
    return botocore


def words_of(shape, value, path="$"):
    """What is not in an enum, which botocore's validator does not look at."""
    if value is None:
        return []
    if shape.type_name == "structure":
        return [word for name, member in shape.members.items() if name in value for word in words_of(member, value[name], f"{path}.{name}")]
    if shape.type_name == "list":
        return [word for number, item in enumerate(value) for word in words_of(shape.member, item, f"{path}[{number}]")]
    if shape.type_name == "map":
        return [word for key, item in value.items() for word in words_of(shape.value, item, f"{path}.{key}")]
    enum = getattr(shape, "enum", [])
    return [f"{path}: {value}"] if enum and value not in enum else []


class Models:
    def __init__(self):
        self.library = botocore()
        loader = self.library.loaders.Loader()
        self.services = {prefix: self.library.model.ServiceModel(loader.load_service_model(name, "service-2"))
                         for prefix, name in MODELS.items()}

    def faults(self, target, side, value):
        """Why this is no request (`input_shape`) or answer (`output_shape`) of the operation; empty if it is one."""
        prefix, _, name = target.partition(".")
        shape = getattr(self.services[prefix].operation_model(name), side)
        report = self.library.validate.ParamValidator().validate(value, shape)
        return ([report.generate_report()] if report.has_errors() else []) + words_of(shape, value)

    def errors_of(self, target):
        prefix, _, name = target.partition(".")
        return {shape.name for shape in self.services[prefix].operation_model(name).error_shapes}


class ModelledAws:
    """`answers[OPERATION](request)` gives (200, answer) or (status, error code). What a model does not allow is in `faults`."""

    GENERAL_ERRORS = {"ThrottlingException", "AccessDeniedException"}  # of every service

    def __init__(self):
        self.models, self.answers, self.faults, self.calls = Models(), {}, [], []
        aws = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                status, body = aws.answer(self.headers["X-Amz-Target"], self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, target, body):
        operation, request = target.rpartition(".")[2], json.loads(body)
        self.calls.append((operation, request))
        self.faults += self.models.faults(target, "input_shape", request)
        status, answer = self.answers[operation](request)
        if status == 200:
            self.faults += self.models.faults(target, "output_shape", answer)
            return 200, json.dumps(answer).encode()
        if answer not in self.models.errors_of(target) | self.GENERAL_ERRORS:
            self.faults.append(f"{operation} has no error {answer}")
        return status, json.dumps({"__type": answer, "message": "m"}).encode()
