"""Pictures of a radiograph and of a heatmap for a screen. Display copies: 8 bits, bounded size."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from model.heatmaps import MORE_LIKELY_THAN_NOT, contours, on_radiograph
from model.reading import Heatmap

_JPEG_QUALITY = 92
#: The strongest overlay still lets the radiograph through.
_MOST_OPACITY = 0.65
#: Places below this probability are not painted, so that the rest of the radiograph stays untouched: a place that
#: says nothing for or against a finding has a few tenths, not 0.
_LEAST = 0.4
#: The line around the places that are more likely than not: its width as a part of the picture's longer
#: side, its colour (BGR) and opacity.
_LINE = 1 / 450
_LINE_COLOUR = (255, 220, 40)
_LINE_OPACITY = 0.8


def render(pixels: NDArray[np.float32], longest_side: int) -> bytes:
    """The radiograph, float32 (rows, columns) 0..1, as a grey JPEG whose longer side is at most ``longest_side``."""
    rows, columns = pixels.shape
    height, width = _fit(rows, columns, longest_side)
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA) if width < columns else pixels
    grey = np.rint(np.clip(small, 0, 1) * 255).astype(np.uint8)
    return _encode(".jpg", grey)


def heatmap_png(heatmap: Heatmap, width: int) -> bytes:
    """The heatmap as an 8-bit grey PNG: 0..255 for 0..1, on the radiograph's grid made ``width`` columns wide."""
    values = on_radiograph(_scaled(heatmap, *_shape(heatmap, width)))
    return _encode(".png", np.rint(values * 255).astype(np.uint8))


def overlay_png(heatmap: Heatmap, width: int) -> bytes:
    """The heatmap in colour with transparency, to lay over the radiograph."""
    colour, opacity = _paint(_scaled(heatmap, *_shape(heatmap, width)))
    return _encode(".png", np.dstack([colour, np.rint(opacity * 255).astype(np.uint8)]))


def overlay_on(rendition: bytes, heatmap: Heatmap, suffix: str) -> bytes:
    """What ``render`` made, with the heatmap laid over it in colour; ``suffix`` is ".jpg" or ".png"."""
    grey = cv2.imdecode(np.frombuffer(rendition, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert grey is not None, "our own JPEG decodes"
    return _encode(suffix, laid_over(np.asarray(grey, dtype=np.uint8), heatmap))


def laid_over(grey: NDArray[np.uint8], heatmap: Heatmap) -> NDArray[np.uint8]:
    """A grey picture of the whole radiograph, uint8 (h, w), with the heatmap over it: uint8 (h, w, 3), BGR."""
    colour, opacity = _paint(_scaled(heatmap, *grey.shape))
    blended = grey[..., np.newaxis] * (1 - opacity[..., np.newaxis]) + colour * opacity[..., np.newaxis]
    return np.asarray(np.rint(blended), dtype=np.uint8)


def _paint(heatmap: Heatmap) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Colours, uint8 (h, w, 3) BGR, and opacity, float32 (h, w) 0..1; a line is drawn where the probability is 0.5.

    The colours (plasma) rise evenly in lightness, so that they can be told apart without seeing hues.
    """
    values = on_radiograph(heatmap)
    colour = cv2.applyColorMap(np.rint(values * 255).astype(np.uint8), cv2.COLORMAP_PLASMA)
    visible = np.clip((values - _LEAST) / (1 - _LEAST), 0, 1)
    opacity = np.ascontiguousarray(visible * _MOST_OPACITY, dtype=np.float32)
    lines = contours(heatmap, MORE_LIKELY_THAN_NOT)
    width = max(1, round(max(values.shape) * _LINE))
    cv2.drawContours(colour, lines, -1, _LINE_COLOUR, width, cv2.LINE_AA)
    cv2.drawContours(opacity, lines, -1, _LINE_OPACITY, width)
    return np.asarray(colour, dtype=np.uint8), np.asarray(opacity, dtype=np.float32)


def _scaled(heatmap: Heatmap, rows: int, columns: int) -> Heatmap:
    """The same heatmap for the radiograph made ``rows`` x ``columns``, so that nothing goes through the full size."""
    return replace(heatmap, placement=replace(heatmap.placement, rows=rows, columns=columns))


def _shape(heatmap: Heatmap, width: int) -> tuple[int, int]:
    placement = heatmap.placement
    columns = min(width, placement.columns)
    return max(1, round(placement.rows * columns / placement.columns)), columns


def _fit(rows: int, columns: int, longest_side: int) -> tuple[int, int]:
    scale = min(1.0, longest_side / max(rows, columns))
    return max(1, round(rows * scale)), max(1, round(columns * scale))


def _encode(suffix: str, picture: NDArray[np.uint8]) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY] if suffix == ".jpg" else [cv2.IMWRITE_PNG_COMPRESSION, 1]
    done, encoded = cv2.imencode(suffix, picture, options)
    assert done, "encoding to memory does not fail"
    return encoded.tobytes()
