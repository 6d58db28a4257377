"""A real docker-registry on loopback, and recorded images pushed into it."""
import json
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class DockerRegistry:
    """Debian's docker-registry, with its data in a temporary folder; ends with the `with` block."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def __enter__(self):
        if not shutil.which("docker-registry"):
            raise SystemExit("docker-registry is not installed; run scripts/bootstrap --demo")
        self.folder.mkdir(parents=True)
        self.address = f"127.0.0.1:{free_port()}"
        (self.folder / "config.yml").write_text(
            "version: 0.1\nlog: {level: error}\n"
            f"storage: {{filesystem: {{rootdirectory: {self.folder}/data}}}}\nhttp: {{addr: '{self.address}', secret: demo}}\n")
        self.process = subprocess.Popen(["docker-registry", "serve", self.folder / "config.yml"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if self.process.poll() is not None:
                raise SystemExit(f"docker-registry ended with {self.process.returncode}")
            try:
                urllib.request.urlopen(f"http://{self.address}/v2/", timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise SystemExit("docker-registry was never ready")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)

    def send(self, method, path, body=b"", headers=None):
        url = path if path.startswith("http") else f"http://{self.address}{path}"
        request = urllib.request.Request(url, body, headers or {"Content-Type": "application/octet-stream"}, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.headers

    def push_case(self, case, repository, tag):
        """Pushes a recorded case's image under `tag`, with all its signatures."""
        record = json.loads((case / "case.json").read_text())
        manifests, blobs = {}, {}
        for path in (case / "oci/blobs/sha256").iterdir():
            content = path.read_bytes()
            try:
                kind = json.loads(content)
                is_manifest = isinstance(kind, dict) and ("layers" in kind or "manifests" in kind)
            except ValueError:
                is_manifest = False
            (manifests if is_manifest else blobs)["sha256:" + path.name] = content
        for digest, content in blobs.items():
            location = self.send("POST", f"/v2/{repository}/blobs/uploads/")["Location"]
            self.send("PUT", f"{location}{'&' if '?' in location else '?'}digest={digest}", content)
        tags = {name: digest for name, digest in record["tags"].items() if name.startswith("sha256-")}
        tags[tag] = record["image_digest"]
        # An index names manifests, which must be there first.
        for digest in sorted(manifests, key=lambda digest: b'"manifests"' in manifests[digest]):
            self.put_manifest(repository, digest, manifests[digest])
        for name, digest in tags.items():
            self.put_manifest(repository, name, manifests[digest])

    def put_manifest(self, repository, reference, content):
        media_type = json.loads(content).get("mediaType", "application/vnd.oci.image.manifest.v1+json")
        self.send("PUT", f"/v2/{repository}/manifests/{reference}", content, {"Content-Type": media_type})
