"""Progress, live: server-sent events."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from model.errors import Unavailable
from serving.services import Services
from serving.users.authentication import authenticated
from serving.users.caller import caller_of

#: Seconds of silence after which a comment keeps the connection open, and finds out that nobody listens any more.
_SILENCE = 15.0
#: Milliseconds after which a browser that lost the connection comes back.
_COME_BACK = 2000
_EVERYTHING = "event: everything\ndata: {}\n\n"


def add_routes(api: APIRouter, services: Services) -> None:
    @api.get(
        "/events",
        summary="What happens, live",
        tags=["studies"],
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events"}},
    )
    async def get_events(request: Request) -> StreamingResponse:
        """`progress` for each change of an instance or study: UIDs and a state, no patient data. `everything`, at the
        start and whenever something may have been missed: look at the worklist anew.
        """
        stream = _stream(services, request)
        headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _stream(services: Services, request: Request) -> AsyncIterator[str]:
    """Until nobody listens any more, or who listens is signed out."""
    yield f"retry: {_COME_BACK}\n{_EVERYTHING}"
    sites, looked = caller_of(request).sites, time.monotonic()
    with services.progress.told() as happens:
        while not await request.is_disconnected():
            if time.monotonic() - looked > _SILENCE:
                if not await run_in_threadpool(_is_known, services, request):
                    return
                looked = time.monotonic()
            try:
                async with asyncio.timeout(_SILENCE):
                    payload = await happens.get()
            except TimeoutError:
                yield ": still here\n\n"
            else:
                yield _event(payload, sites)


def _event(payload: str | None, sites: Sequence[str]) -> str:
    """What somebody who sees these sites is told, if it is anything; without any, they see all."""
    if payload is None:
        return _EVERYTHING
    told = json.loads(payload)
    whose = told.pop("sites", [])
    if sites and not set(sites) & set(whose):
        return ""
    return f"event: progress\ndata: {json.dumps(told)}\n\n"


def _is_known(services: Services, request: Request) -> bool:
    """Whether the session or key is still valid; that somebody listens is nothing that they did."""
    try:
        return authenticated(services, request, touch=False) is not None
    except Unavailable:
        return True
