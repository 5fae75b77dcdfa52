"""How a rendered resource is asked for: query parameters (PS3.18, 8.3.5.1)."""

import math
from collections.abc import Mapping

from model.grayscale import Window
from serving.dicomweb.rendering import MOST_PIXELS, Rendering, Viewport
from serving.problems import Problem

_FUNCTIONS = {"linear": "LINEAR", "linear-exact": "LINEAR_EXACT", "sigmoid": "SIGMOID"}
#: What this service has no pictures with: said, since a picture without it is not the one that was asked for.
_REFUSED = {
    "annotation": "Nothing is written into pictures here. Leave annotation out.",
    "presentationUID": "Presentation states are not applied here. Leave presentationUID out.",
}
_THUMBNAIL = Viewport(columns=256, rows=256)


def rendering(query: Mapping[str, str], media_type: str) -> Rendering:
    """What the query asks for.

    Raises:
        Problem: malformed, with what a parameter must be.
    """
    for name, words in _REFUSED.items():
        if name in query:
            raise Problem("malformed", words)
    if query.get("iccprofile", "no") != "no":
        raise Problem("malformed", "Pictures are without colour profiles here: iccprofile must be no, or left out.")
    return Rendering(
        media_type=media_type,
        quality=_quality(query["quality"]) if "quality" in query else None,
        window=_window(query["window"]) if "window" in query else None,
        viewport=_viewport(query["viewport"]) if "viewport" in query else None,
    )


def thumbnail(query: Mapping[str, str], media_type: str) -> Rendering:
    """A small picture; of the parameters, only the viewport counts (PS3.18, 8.3.5.1.3)."""
    viewport = _viewport(query["viewport"]) if "viewport" in query else _THUMBNAIL
    return Rendering(media_type=media_type, viewport=viewport)


def _quality(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= 100:
        raise Problem("malformed", "quality must be a whole number from 1 to 100, such as quality=90.")
    return int(text)


def _window(text: str) -> Window:
    *numbers, name = text.split(",")
    values = [number for number in map(_number, numbers) if number is not None]
    if len(numbers) == len(values) == 2 and name in _FUNCTIONS:
        window = Window(values[0], values[1], _FUNCTIONS[name])
        if window.is_valid():
            return window
    words = "window must be a center, a width of 1 or more, and linear, linear-exact or sigmoid"
    raise Problem("malformed", f"{words}, such as window=2048,4096,linear.")


def _viewport(text: str) -> Viewport:
    parts = [part.strip() for part in text.split(",")]
    size = [int(part) if part.isascii() and part.isdigit() and len(part) < 6 else 0 for part in parts[:2]]
    region = [_number(part) if part else None for part in (*parts[2:], *[""] * (6 - len(parts)))]
    wrong = len(parts) not in {2, 4, 6} or not all(1 <= pixels <= MOST_PIXELS for pixels in size)
    if wrong or any(part and number is None for part, number in zip(parts[2:], region, strict=False)):
        words = f"viewport must be columns and rows from 1 to {MOST_PIXELS}, and may go on with the part of the frame"
        raise Problem("malformed", f"{words}: left, top, width, height, such as viewport=512,512,0,0,1024,1024.")
    left, top, width, height = region
    if (left or 0) < 0 or (top or 0) < 0 or width == 0 or height == 0:
        raise Problem("malformed", "The part of a viewport must begin within the frame and must not be empty.")
    return Viewport(columns=size[0], rows=size[1], left=left or 0, top=top or 0, width=width, height=height)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e9 else None
