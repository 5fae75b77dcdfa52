"""Which bytes of encapsulated pixel data belong to a frame (PS3.5, A.4)."""

import struct

from model.codestream import ends_here
from model.elements import Element, Encoding, items
from model.errors import NotReadable, RefusalCode

_LITTLE = Encoding(explicit=True, little=True)
_ITEM = 0xFFFEE000


def frame_bytes(data: bytes, pixel_data: Element, frames: int, frame: int) -> bytes:
    """The codestream of one frame, from all of its fragments, with what padding it may have.

    Raises:
        NotReadable: corrupt.
    """
    end = len(data) if pixel_data.undefined_length else min(pixel_data.end, len(data))
    found = [item for item in items(data, pixel_data.start, end, _LITTLE) if item.tag == _ITEM]
    if len(found) < 2:
        raise _corrupt("hold a table of offsets and at least one fragment")
    table, *fragments = found
    if frames == 1:
        mine = fragments
    elif len(fragments) == frames:
        mine = [fragments[frame]]
    else:
        mine = _by_offset(data, table, fragments, frames, frame) or _by_end(data, fragments, frame)
    return b"".join(data[fragment.start : fragment.end] for fragment in mine)


def _by_offset(data: bytes, table: Element, fragments: list[Element], frames: int, frame: int) -> list[Element]:
    """By the Basic Offset Table; [] when it has not one offset for each frame."""
    count = (table.end - table.start) // 4
    if count != frames:
        return []
    first = fragments[0].start - 8
    offsets = [*struct.unpack_from(f"<{count}I", data, table.start), len(data)]
    return [each for each in fragments if offsets[frame] <= each.start - 8 - first < offsets[frame + 1]]


def _by_end(data: bytes, fragments: list[Element], frame: int) -> list[Element]:
    """By the end markers of the images: a frame begins with the fragment after the one that ends the frame before."""
    ends = [at for at, each in enumerate(fragments) if ends_here(data[each.start : each.end])]
    if frame >= len(ends):
        raise _corrupt(f"hold {frame + 1} frames or more")
    return fragments[ends[frame - 1] + 1 if frame else 0 : ends[frame] + 1]


def _corrupt(must: str) -> NotReadable:
    return NotReadable(RefusalCode.CORRUPT, f"Pixel Data (7FE0,0010) must {must}. Send the original image.")
