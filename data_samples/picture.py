"""From a phantom to a finished picture, with the truth about it in the picture's own pixels."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from data_samples.detector import Detector, exposed, processed
from data_samples.projection import Exposure, projected, voxels_projected
from data_samples.space import Array, Phantom

Mask = NDArray[np.bool_]

#: A pixel shows a finding if at least this share of the finding's greatest depth, and this many mm, lie behind it.
_SHARE, _DEPTH = 0.12, 3.0


@dataclass(frozen=True, kw_only=True)
class Framing:
    """What the radiographer adds: the collimator's edges, mm from the borders of the image, and a letter of lead."""

    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0
    letter: str = "L"
    #: Where the letter stands, as shares of the image's width and height.
    place: tuple[float, float] = (0.91, 0.07)


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """A radiograph and what is in it."""

    #: float32 (rows, columns), 0..1, bright = dense.
    pixels: Array
    #: By the finding's name.
    masks: dict[str, Mask]

    def turned(self, quarters: int) -> "Picture":
        """Counter-clockwise by ``quarters`` x 90 degrees, as numpy.rot90."""
        masks = {name: np.rot90(mask, quarters) for name, mask in self.masks.items()}
        return Picture(pixels=np.ascontiguousarray(np.rot90(self.pixels, quarters)), masks=masks)

    def mirrored(self) -> "Picture":
        masks = {name: mask[:, ::-1] for name, mask in self.masks.items()}
        return Picture(pixels=np.ascontiguousarray(self.pixels[:, ::-1]), masks=masks)


def taken(phantom: Phantom, exposure: Exposure, detector: Detector, framing: Framing, seed: int) -> Picture:
    """The whole way from the body to the picture."""
    inside = collimated(exposure, framing)
    integrals = projected(phantom, exposure) + _lead(exposure, framing, inside)
    dose = exposed(integrals, exposure.pitch, detector, seed)
    masks = {name: _shown(voxels_projected(phantom.grid, share, exposure)) for name, share in phantom.findings.items()}
    pixels = processed(dose, exposure.pitch, detector, inside)
    return Picture(pixels=pixels, masks={name: mask & inside for name, mask in masks.items()})


def _shown(depth: Array) -> Mask:
    mask: Mask = depth > max(_DEPTH, _SHARE * float(depth.max()))
    return mask


def collimated(exposure: Exposure, framing: Framing) -> Mask:
    """True where the collimator lets the beam through."""
    inside = np.zeros((exposure.rows, exposure.columns), bool)
    top, right, bottom, left = (
        round(edge / exposure.pitch) for edge in (framing.top, framing.right, framing.bottom, framing.left)
    )
    inside[top : exposure.rows - bottom, left : exposure.columns - right] = True
    return inside


def _lead(exposure: Exposure, framing: Framing, inside: Mask) -> Array:
    """Line integrals of the collimator's blades, with their penumbra, and of the letter."""
    blades = cv2.GaussianBlur((~inside).astype(np.float32), (0, 0), 1.2 / exposure.pitch) * 6
    letter = np.zeros(inside.shape, np.uint8)
    size = 13 / exposure.pitch
    column, row = (round(share * edge) for share, edge in zip(framing.place, inside.shape[::-1], strict=True))
    cv2.putText(
        letter,
        framing.letter,
        (column, row),
        cv2.FONT_HERSHEY_SIMPLEX,
        size / 22,
        255,
        max(2, round(size / 7)),
        cv2.LINE_AA,
    )
    return np.asarray((blades + letter * np.float32(4 / 255)), np.float32)


def outline(mask: Mask) -> list[list[list[int]]]:
    """The mask's borders as polygons of [x, y], the first pixel's middle at 0, 0; good to about a pixel."""
    borders, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    wanted = [border for border in borders if cv2.contourArea(border) >= 30]
    smooth = [cv2.approxPolyDP(border, 1.0, closed=True)[:, 0, :] for border in wanted]
    return [[[int(x), int(y)] for x, y in border] for border in smooth]


def box(mask: Mask) -> dict[str, int]:
    """The smallest box around the mask: x and y of its first pixel, its width and height."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return {
        "x": int(columns[0]),
        "y": int(rows[0]),
        "width": int(columns[-1] - columns[0] + 1),
        "height": int(rows[-1] - rows[0] + 1),
    }
