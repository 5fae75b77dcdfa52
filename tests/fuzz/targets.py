"""What is fuzzed: one function a target, from any bytes to the word for its answer.

A target raises where a promise is broken: an error that is not ours, more bytes than its limit, an answer that cannot
be stored. What it may answer stands in ``ANSWERS`` beside it, so that a new kind of answer is seen.
"""

import io
import json
import re
import socket
import threading
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl

import numpy as np
from pydicom.uid import ExplicitVRLittleEndian
from starlette.requests import Request

from model.dicom_file import open_file
from model.errors import NotReadable
from model.limits import Limits
from model.radiograph import Radiograph
from serving.associations.association import Association
from serving.associations.messages import Message, Reply
from serving.associations.pdus import Answered, Malformed, Outcome, Proposal
from serving.associations.wire import Gone, TooSlow, Wire
from serving.dicomweb.accept import accepted, parameters_of
from serving.dicomweb.metadata import header_of, metadata_json
from serving.dicomweb.rendering_parameters import rendering, thumbnail
from serving.dicomweb.search_parameters import parse
from serving.doors.archive import open_archive
from serving.doors.multipart_related import _Splitter
from serving.instances import identify
from serving.problems import Problem
from serving.settings import Settings
from serving.store.searches import Level
from tests.fuzz import seeds

_UID = re.compile(r"[0-9]+(\.[0-9]+)+")
#: Small, so that a size that was only claimed costs little, and a limit that does not hold is seen.
LIMITS = Limits(max_bytes=2**20, max_rows=512, max_columns=512, max_frames=4)
_ZIP = Settings(max_zip_entries=50, max_zip_bytes=2**20, max_instance_bytes=2**18, max_zip_ratio=200)


@dataclass(frozen=True)
class Target:
    """``once`` answers with a word; any exception that leaves it is a finding."""

    once: Callable[[bytes], str]
    seeds: Mapping[str, bytes]


def decoder(data: bytes) -> str:
    """``Radiograph.from_bytes``: pixels from 0 to 1, or a refusal in words."""
    try:
        pixels = Radiograph.from_bytes(data, limits=LIMITS).pixels
    except NotReadable as refused:
        return str(refused.code)
    assert pixels.dtype == np.float32
    assert pixels.ndim == 2
    assert max(pixels.shape) <= 512
    assert pixels.min() >= 0
    assert pixels.max() <= 1
    return "read"


def header(data: bytes) -> str:
    """What every door does with a file before it is stored, and what a decoder process does for WADO-RS metadata."""
    instance = identify(data, LIMITS.max_bytes)
    for uid in (instance.sop_instance_uid, instance.series_instance_uid, instance.study_instance_uid):
        assert len(uid) <= 64
        assert _UID.fullmatch(uid)
    kept = json.dumps(instance.attributes, allow_nan=False, ensure_ascii=False)
    texts = [kept, instance.patient.name, instance.patient.search_text, instance.name_to_match, instance.patient.key]
    texts += [instance.accession_number, instance.study_description, instance.station_name, instance.institution_name]
    texts += [instance.modality, instance.study_date, instance.transfer_syntax, instance.sop_class_uid]
    for text in texts:
        assert "\0" not in text  # PostgreSQL has no place for it
        assert "\\u0000" not in text
        text.encode()  # no half of a surrogate pair
    try:
        found = metadata_json(header_of(open_file(data, LIMITS.max_bytes)), "http://x", {})
    except NotReadable as refused:
        return f"metadata {refused.code}"
    json.loads(found)
    return "described"


def multipart(data: bytes) -> str:
    """The body of a STOW-RS request, in chunks as its first bytes say."""
    splitter = _Splitter("b")
    sizes = [max(size, 1) for size in data[:4]] or [1]
    at, turn, out = 4, 0, 0
    try:
        while at < len(data):
            size = sizes[turn % len(sizes)]
            out += sum(len(piece) for piece in splitter.feed(data[at : at + size]) if piece)
            at, turn = at + size, turn + 1
    except Problem as problem:
        return problem.slug
    assert out <= len(data)
    return "whole" if splitter.ended else "cut short"


def archive(data: bytes) -> str:
    """The ZIP door: never more out than the limits allow, and an answer for each entry."""
    left = 2 * _ZIP.max_zip_bytes
    answers = set()
    try:
        for _, content in open_archive(io.BytesIO(data), _ZIP):
            answers.add(content.slug if isinstance(content, Problem) else "ok")
            left -= len(content) if isinstance(content, bytes) else 0
            assert left >= 0
            assert not isinstance(content, bytes) or len(content) <= _ZIP.max_instance_bytes
    except Problem as problem:
        return problem.slug
    return " and ".join(sorted(answers)) or "empty"


class _Taking:
    """A data set that comes by C-STORE and goes nowhere."""

    def add(self, piece: memoryview) -> None:
        assert len(piece) >= 0

    def reply(self) -> Reply:
        return Reply(status=0)

    def close(self) -> None:
        pass


class _Service:
    """Takes every context and every request."""

    def rejection(self, *_: object) -> None:
        return None

    def answer(self, proposal: Proposal) -> Answered:
        return Answered(
            identifier=proposal.identifier,
            outcome=Outcome.ACCEPTED,
            abstract_syntax=proposal.abstract_syntax,
            transfer_syntax=str(ExplicitVRLittleEndian),
        )

    def incoming(self, message: Message, *_: object) -> _Taking:
        assert message.has_data_set
        return _Taking()

    def reply(self, message: Message, *_: object) -> Reply | None:
        return None if message.is_response else Reply(status=0)


def dimse(data: bytes) -> str:
    """A whole association: what the peer writes, PDUs and messages, over a real socket."""
    ours, theirs = socket.socketpair()

    def speak() -> None:
        with suppress(OSError):
            theirs.sendall(data)
            theirs.shutdown(socket.SHUT_WR)
            while theirs.recv(65536):
                pass

    speaking = threading.Thread(target=speak)
    speaking.start()
    try:
        Association(Wire(ours), "127.0.0.1", _Service(), ("1.2.3", "FUZZ")).serve(lambda: True)
    except (Gone, TooSlow, Malformed) as end:
        return type(end).__name__
    finally:
        ours.close()
        speaking.join()
        theirs.close()
    return "released"


def query(data: bytes) -> str:
    """What a client may write into a URL and its headers: searches, pictures, media types."""
    text = data.decode("utf-8", "replace")
    level = (Level.STUDY, Level.SERIES, Level.INSTANCE)[len(text) % 3]
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=100) if text.count("&") < 100 else []
    headers = [(b"accept", data.replace(b"\n", b"").replace(b"\r", b"")), (b"content-type", data[:200])]
    scope = {"type": "http", "headers": headers, "query_string": b"", "method": "GET", "path": "/"}
    accepted(Request(scope))
    parameters_of(text)
    answers = []
    for ask in (
        lambda: parse(level, pairs),
        lambda: rendering(dict(pairs), "image/png"),
        lambda: thumbnail(dict(pairs), "image/png"),
    ):
        try:
            ask()
            answers.append("ok")
        except Problem as problem:
            answers.append(problem.slug)
    return "/".join(answers)


def _zips() -> dict[str, bytes]:
    def made(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            for name, content in entries:
                archive.writestr(name, content)
        return file.getvalue()

    return {
        "one": made(("a.dcm", b"a" * 100)),
        "stored": made(("a.dcm", b"abc" * 10), ("b/../../c", b"x"), method=zipfile.ZIP_STORED),
        "bomb": made(("a", bytes(2**20))),
        "lzma": made(("a", b"a" * 1000), method=zipfile.ZIP_LZMA),
        "bzip2": made(("a", b"a" * 1000), method=zipfile.ZIP_BZIP2),
        "nested": made(("a.zip", made(("b", b"x")))),
    }


TARGETS: dict[str, Target] = {
    "decoder": Target(decoder, seeds.FILES),
    "header": Target(header, seeds.FILES),
    "multipart": Target(multipart, seeds.MULTIPART),
    "archive": Target(archive, _zips()),
    "dimse": Target(dimse, seeds.ASSOCIATIONS),
    "query": Target(query, {text: text.encode() for text in seeds.QUERIES}),
}


def quietly() -> None:
    """Warnings quote what they read; the service silences them too."""
    warnings.simplefilter("ignore")


def seeds_of(name: str) -> Sequence[bytes]:
    return tuple(TARGETS[name].seeds.values())
