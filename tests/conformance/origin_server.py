"""The server that is looked at, seen from outside: its base URL, and the files that it was given to begin with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote, urljoin

import httpx
from pydicom import Dataset, dcmread

from tests.conformance.corpus import Corpus
from tests.conformance.multipart import BOUNDARY, Part, parts_of, related

DICOM = 'multipart/related; type="application/dicom"'
OCTETS = 'multipart/related; type="application/octet-stream"'
JSON = "application/dicom+json"
STORE = f'{DICOM}; boundary="{BOUNDARY}"'


@dataclass(frozen=True, kw_only=True)
class OriginServer:
    http: httpx.Client
    corpus: Corpus

    def get(self, path: str, media_type: str, /, **parameters: Any) -> httpx.Response:
        """``media_type`` is the Accept header. Reserved characters stand in the query as they are, others encoded."""
        query = "&".join(f"{name}={quote(str(text), safe='*,?')}" for name, text in parameters.items())
        return self.http.get(f"{path}?{query}" if query else path, headers={"Accept": media_type})

    def found(self, path: str, **parameters: Any) -> list[dict[str, Any]]:
        """What a search answers."""
        answer = self.get(path, JSON, **parameters)
        return answer.json() if expect(answer, 200, 204).content else []

    def metadata(self, path: str) -> list[dict[str, Any]]:
        answer = expect(self.get(f"{path}/metadata", JSON), 200)
        assert answer.headers["content-type"].startswith(JSON)
        found: list[dict[str, Any]] = answer.json()
        return found

    def parts(self, path: str, media_type: str) -> list[Part]:
        answer = expect(self.get(path, media_type), 200)
        return parts_of(answer.headers["content-type"], answer.content)

    def instances(self, path: str, media_type: str = DICOM) -> list[Dataset]:
        return [dcmread(BytesIO(part.content)) for part in self.parts(path, media_type)]

    def store(
        self, contents: Sequence[bytes], study: str = "", content_type: str = STORE, **body: Any
    ) -> httpx.Response:
        """STOW-RS; ``body`` are keywords of ``related``."""
        path = f"/studies/{study}" if study else "/studies"
        headers = {"Content-Type": content_type, "Accept": JSON}
        return self.http.post(path, content=related(contents, **body), headers=headers)

    def resolved(self, path: str, uri: str) -> str:
        """A URI that the answer to ``path`` holds, as it is asked for (RFC 3986, 5)."""
        return urljoin(str(self.http.base_url).rstrip("/") + path, uri)

    def prepare(self) -> None:
        """Store the corpus.

        Raises:
            RuntimeError: when the server does not take it, so that nothing can be checked.
        """
        for file in self.corpus.files:
            answer = self.store([file.data])
            if answer.status_code != 200:
                words = f"The server must store {file.name} to be looked at, but answered {answer.status_code}."
                raise RuntimeError(f"{words} {answer.text[:300]}")


def expect(answer: httpx.Response, *statuses: int) -> httpx.Response:
    """The answer, which must have one of these statuses."""
    words = " or ".join(str(status) for status in statuses)
    assert answer.status_code in statuses, f"must answer {words}, not {answer.status_code}"
    return answer


def value(item: dict[str, Any], tag: str) -> Any:
    """The first value of an attribute in DICOM JSON; None when it has none."""
    return (item.get(tag, {}).get("Value") or [None])[0]


def values(items: Iterable[dict[str, Any]], tag: str) -> list[Any]:
    return [value(item, tag) for item in items]


def client(base_url: str) -> httpx.Client:
    return httpx.Client(base_url=base_url.rstrip("/"), timeout=30, trust_env=False)
