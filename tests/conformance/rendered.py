"""Rendered resources and thumbnails (PS3.18, 10.4.1.1.3 and 10.4.1.1.4; parameters: 8.3.5; media types: 8.7.4)."""

from io import BytesIO
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.conformance.check import check
from tests.conformance.corpus import COLUMNS, ROWS
from tests.conformance.origin_server import OriginServer, expect

Shades = NDArray[Any]


def picture(answer: httpx.Response, media_type: str) -> Image.Image:
    expect(answer, 200)
    assert answer.headers["content-type"].startswith(media_type)
    return Image.open(BytesIO(answer.content))


def shades(server: OriginServer, name: str, what: str = "rendered", **parameters: Any) -> Shades:
    """(rows, columns) 0..255 of a picture, as PNG where it is rendered."""
    answer = server.get(f"{server.corpus[name].path}/{what}", "image/png", **parameters)
    return np.asarray(picture(answer, "image/png").convert("L")).astype(int)


@check("8.7.4, table 8.7.4-1")
def rendered_is_jpeg_by_default(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "*/*")
    assert picture(answer, "image/jpeg").size == (COLUMNS, ROWS)


@check("8.7.4, table 8.7.4-1")
def rendered_as_jpeg(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "image/jpeg")
    assert picture(answer, "image/jpeg").format == "JPEG"


@check("8.7.4, table 8.7.4-1")
def rendered_as_png(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "image/png")
    assert picture(answer, "image/png").format == "PNG"


@check("8.7.5, RFC 9110, 12.5.1")
def rendered_by_weight(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "image/jpeg;q=0.2, image/png;q=0.9")
    assert picture(answer, "image/png").format == "PNG"


@check("8.7.5, RFC 9110, 12.5.1")
def rendered_by_a_wildcard(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "text/html, image/*;q=0.5")
    assert picture(answer, "image/").size == (COLUMNS, ROWS)


@check("8.3.3.1")
def rendered_by_the_accept_parameter(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "*/*", accept="image/png")
    assert picture(answer, "image/png").format == "PNG"


@check("8.7.8.1")
def rendered_in_what_is_not_offered_is_406(server: OriginServer) -> None:
    expect(server.get(f"{server.corpus['plain'].path}/rendered", "image/x-icon"), 406)


@check("10.4.1.1.3")
def rendered_shows_the_values(server: OriginServer) -> None:
    found = shades(server, "plain")
    assert found.shape == (ROWS, COLUMNS)
    expected = server.corpus["plain"].pixels[0] / 4095 * 255  # its window is the whole range
    assert np.abs(found - expected).max() <= 8


@check("PS3.3, C.7.6.3.1.2")
def rendered_turns_monochrome1_around(server: OriginServer) -> None:
    difference = np.abs(shades(server, "inverted") - shades(server, "plain"))
    assert difference.max() <= 3  # its values are 4095 less those of the other


@check("10.4.1.1.3")
def rendered_of_compressed_pixels(server: OriginServer) -> None:
    assert np.abs(shades(server, "jpeg-2000") - shades(server, "plain")).max() <= 3


@check("10.4.1.1.3")
def rendered_of_deflated_pixels(server: OriginServer) -> None:
    assert np.abs(shades(server, "deflated") - shades(server, "plain")).max() <= 3


@check("8.3.5.1.4")
def rendered_with_a_window(server: OriginServer) -> None:
    found = shades(server, "plain", window="1024,1024,linear")  # from 512 black to 1536 white
    values = server.corpus["plain"].pixels[0]
    assert found[values < 500].max() <= 3
    assert found[values > 1550].min() >= 252
    assert 118 <= found[np.abs(values.astype(int) - 1024) < 10].mean() <= 138


@check("8.3.5.1.4")
def rendered_with_half_a_window_is_400(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "image/jpeg", window="1024")
    expect(answer, 400)


@check("8.3.5.1.4")
def rendered_with_an_unknown_function_is_400(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "image/jpeg", window="1024,1024,cubic")
    expect(answer, 400)


@check("8.3.5.1.3")
def rendered_in_a_viewport(server: OriginServer) -> None:
    found = shades(server, "plain", viewport="24,30")
    assert found.shape == (30, 24)


@check("8.3.5.1.3")
def rendered_in_a_viewport_keeps_its_shape(server: OriginServer) -> None:
    rows, columns = shades(server, "plain", viewport="30,30").shape
    assert (rows, columns) == (30, 24)


@check("8.3.5.1.3")
def rendered_of_a_part(server: OriginServer) -> None:
    found = shades(server, "plain", viewport=f"24,30,0,0,{COLUMNS // 2},{ROWS // 2}")
    whole = shades(server, "plain")[: ROWS // 2, : COLUMNS // 2]
    assert found.shape == (30, 24)
    assert np.abs(found - whole).mean() <= 3


@check("8.3.5.1.3")
def rendered_in_a_viewport_that_is_none_is_400(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "image/jpeg", viewport="wide")
    expect(answer, 400)


@check("8.3.5.1.2")
def rendered_quality(server: OriginServer) -> None:
    path = f"{server.corpus['plain'].path}/rendered"
    low, high = (server.get(path, "image/jpeg", quality=quality) for quality in (5, 95))
    assert picture(low, "image/jpeg").size == picture(high, "image/jpeg").size
    assert len(low.content) < len(high.content)


@check("8.3.5.1.2")
def rendered_quality_that_is_none_is_400(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/rendered", "image/jpeg", quality="101")
    expect(answer, 400)


@check("10.4.1.1.3")
def rendered_frame(server: OriginServer) -> None:
    first, last = (shades(server, "frames", f"frames/{number}/rendered") for number in (1, 3))
    assert first.shape == last.shape == (ROWS, COLUMNS)
    assert first.mean() < last.mean()


@check("10.4.3.1")
def rendered_frame_after_the_last_is_400_or_404(server: OriginServer) -> None:
    expect(server.get(f"{server.corpus['frames'].path}/frames/4/rendered", "image/jpeg"), 400, 404)


@check("10.4.3.1")
def rendered_of_what_is_unknown_is_404(server: OriginServer) -> None:
    plain = server.corpus["plain"]
    path = plain.path.replace(plain.instance, server.corpus.uid("unknown"))
    expect(server.get(f"{path}/rendered", "image/jpeg"), 404)


def _thumbnail(what: str, path: str) -> None:
    @check("10.4.1.1.4", optional=True, name=f"thumbnail_of_{what}")
    def run(server: OriginServer) -> None:
        file = server.corpus["frames"]
        found = path.format(study=file.study, series=file.series, instance=file.path)
        answer = server.get(f"{found}/thumbnail", "image/jpeg")
        assert max(picture(answer, "image/jpeg").size) > 0


_thumbnail("study", "/studies/{study}")
_thumbnail("series", "/studies/{study}/series/{series}")
_thumbnail("instance", "{instance}")
_thumbnail("frame", "{instance}/frames/2")


@check("8.3.5.1.3", optional=True)
def thumbnail_in_a_viewport(server: OriginServer) -> None:
    answer = server.get(f"{server.corpus['plain'].path}/thumbnail", "image/jpeg", viewport="16,16")
    assert max(picture(answer, "image/jpeg").size) == 16
