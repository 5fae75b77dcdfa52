"""Progress, live: server-sent events."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from serving.services import Services

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
    yield f"retry: {_COME_BACK}\n{_EVERYTHING}"
    with services.progress.told() as happens:
        while not await request.is_disconnected():
            try:
                async with asyncio.timeout(_SILENCE):
                    payload = await happens.get()
            except TimeoutError:
                yield ": still here\n\n"
            else:
                yield f"event: progress\ndata: {payload}\n\n" if payload else _EVERYTHING
