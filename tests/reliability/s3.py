"""An S3 server of this machine, moto's: what it keeps, it keeps in its memory."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import obstore
from obstore.store import S3Store

from serving.store.objects import content_name
from tests.reliability.service import free_port, until

_BUCKET = "radiographs"


@dataclass(frozen=True)
class S3:
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, object]:
        """What makes a service store its bytes here."""
        return {"object_store": f"s3://{_BUCKET}"}

    def environment(self, port: int | None = None) -> dict[str, str]:
        """What the service's S3 client reads; ``port`` of a way to it, if it goes by one."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port or self.port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }

    def fetch(self, content_hash: str) -> bytes:
        store = S3Store(
            _BUCKET,
            endpoint=self.url,
            access_key_id="test",
            secret_access_key="test",
            region="us-east-1",
            client_options={"allow_http": True},
        )
        return obstore.get(store, content_name(content_hash)).bytes().to_bytes()


@contextmanager
def s3() -> Iterator[S3]:
    """With an empty bucket."""
    server = S3(free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(server.port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: _makes_a_bucket(server.url), 60, "the S3 server answers")
        yield server
    finally:
        process.kill()
        process.wait()


def _makes_a_bucket(url: str) -> bool:
    try:
        return httpx.put(f"{url}/{_BUCKET}").is_success
    except httpx.TransportError:
        return False
