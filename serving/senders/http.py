"""One request to a destination over HTTP, and what its answer means."""

import base64
from collections.abc import Mapping

import httpx

from model.errors import Unavailable
from serving.senders.sender import Address, Rejected

_TIMEOUT = httpx.Timeout(20, connect=5)
#: Answers that time may cure (RFC 9110, RFC 6585); other 4xx are final.
_LATER = {408, 409, 423, 425, 429}


def ask(method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> httpx.Response:
    """The answer, whatever it is.

    Raises:
        Unavailable: when there is none.
    """
    try:
        return httpx.request(method, url, content=body, headers=dict(headers), timeout=_TIMEOUT)
    except httpx.HTTPError as error:
        raise Unavailable(f"The other side must be reachable, but is not ({type(error).__name__}).") from error


def expect_success(answer: httpx.Response) -> None:
    """
    Raises:
        Unavailable: when the answer is one that time may cure.
        Rejected: when it is final.
    """
    if answer.is_success:
        return
    words = f"The destination must answer 2xx, not {answer.status_code}."
    if answer.is_client_error and answer.status_code not in _LATER:
        raise Rejected(words)
    raise Unavailable(words)


def plain_url(address: Address, prefix: str = "") -> str:
    """The URL of a scheme such as ``stow+https``, as HTTP knows it.

    Raises:
        ValueError: in words, when it names no host.
    """
    url = address.url.removeprefix(prefix)
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        raise ValueError("must be a URL") from None
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise ValueError("must name a host, as https://host/path")
    return url


def authorization(secret: str | None) -> dict[str, str]:
    """A secret as a header: ``user:password`` (RFC 7617), or else a token (RFC 6750)."""
    if secret is None:
        return {}
    if ":" in secret:
        return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    return {"Authorization": f"Bearer {secret}"}
