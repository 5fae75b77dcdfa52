"""A DICOMweb server on this machine that keeps what STOW-RS sends it, or answers as it is told."""

import email
import email.policy
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import pydicom

from tests.serving.hold import Hold
from tests.threaded import threaded


@dataclass
class DicomWeb:
    """What it got and what it will answer."""

    port: int = 0
    #: Failure Reasons of the next instances; 0 is stored. After that, everything is.
    reasons: list[int] = field(default_factory=list)
    #: Status and body of the next requests, whatever comes; nothing is stored then.
    blunt: list[tuple[int, bytes]] = field(default_factory=list)
    #: SOP Instance UID to the files that came under it.
    got: dict[str, list[bytes]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    #: Of the next stores: what holds up their answers, though they are done.
    held: list[Hold] = field(default_factory=list)
    #: How many of the next stores end the connection instead of being answered, though they are done.
    drops: int = 0

    @property
    def url(self) -> str:
        return f"stow+http://127.0.0.1:{self.port}/dicom-web"

    def store(self, content_type: str, body: bytes) -> tuple[int, bytes]:
        """As PS3.18, 10.5.3 has it: 200 all, 202 some, 409 none."""
        if self.blunt:
            return self.blunt.pop(0)
        message = email.message_from_bytes(
            f"Content-Type: {content_type}\r\n\r\n".encode() + body, policy=email.policy.HTTP
        )
        failed, stored = [], []
        for part in message.iter_parts():  # type: ignore[attr-defined]
            content = part.get_payload(decode=True)
            uid = pydicom.dcmread(BytesIO(content)).SOPInstanceUID
            reason = self.reasons.pop(0) if self.reasons else 0
            item = {"00081155": {"vr": "UI", "Value": [uid]}}
            if reason:
                failed.append({**item, "00081197": {"vr": "US", "Value": [reason]}})
            else:
                stored.append(item)
                self.got.setdefault(uid, []).append(content)
        answer: dict[str, Any] = {"00081199": {"vr": "SQ", "Value": stored}}
        if failed:
            answer["00081198"] = {"vr": "SQ", "Value": failed}
        return (200 if not failed else 202 if stored else 409), json.dumps(answer).encode()


@contextmanager
def dicomweb() -> Iterator[DicomWeb]:
    one = DicomWeb()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            one.requests.append((self.path, dict(self.headers)))
            answer = one.store(self.headers["Content-Type"], body)
            if one.held:
                one.held.pop(0).wait()
            if one.drops:
                one.drops -= 1
                self.close_connection = True
                return
            self._answer(*answer)

        def do_GET(self) -> None:
            one.requests.append((self.path, dict(self.headers)))
            self._answer(*(one.blunt.pop(0) if one.blunt else (200, b"[]")))

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/dicom+json")
            self.send_header("Content-Length", str(len(body)))
            with suppress(BrokenPipeError, ConnectionResetError):  # who asked may have been killed
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with threaded(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        one.port = server.server_address[1]
        yield one
