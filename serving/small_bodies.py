"""Bodies of requests that are no uploads: small, since they are taken into memory whole before they are looked at."""

from collections.abc import Callable

from fastapi.exceptions import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.problems import Problem, problem_response

#: The longest review has a tenth of it.
MOST_BYTES = 2**20


class SmallBodies:
    """ASGI middleware. ``is_upload``: of a path whose route bounds its body itself."""

    def __init__(self, app: ASGIApp, is_upload: Callable[[str], bool]) -> None:
        self._app = app
        self._is_upload = is_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._is_upload(scope["path"]):
            await self._app(scope, receive, send)
            return
        stated = Headers(scope=scope).get("content-length", "")
        if stated.isdecimal() and int(stated) > MOST_BYTES:
            words = f"A body that is no upload may hold at most {MOST_BYTES} bytes. Send less."
            await problem_response(Problem("too-large", words, limit=MOST_BYTES))(scope, receive, send)
            return
        received = 0

        async def receive_some() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > MOST_BYTES:
                raise HTTPException(413)  # the one that FastAPI lets through while it reads a body
            return message

        await self._app(scope, receive_some, send)
