"""From line integrals to the stored values of a CR or DX system."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from data_samples.space import Array


@dataclass(frozen=True, kw_only=True)
class Detector:
    """How the beam is caught and how the picture is processed."""

    #: Quanta that reach a pixel through air.
    quanta: float = 60000.0
    #: Scattered over primary radiation, averaged over the image. A grid lowers it.
    scatter: float = 0.25
    #: Width of the scatter's spread, mm.
    spread: float = 55.0
    #: Blur of the screen or the photodiodes, mm.
    blur: float = 0.16
    #: 0 shows exposure as it is; 1 removes all differences broader than ``_BROAD`` mm.
    flattening: float = 0.42
    #: Strength of edge enhancement.
    edges: float = 0.9
    #: Steepness of the S-shaped curve.
    contrast: float = 1.0
    bits: int = 12


#: mm: what counts as broad for ``flattening``, and as an edge for ``edges``.
_BROAD = 45.0
_EDGE = 2.4


def exposed(integrals: Array, pitch: float, detector: Detector, seed: int) -> Array:
    """Relative dose at each pixel, noise included; 1 is the open beam."""
    primary = np.exp(-integrals)
    scattered = cv2.GaussianBlur(primary, (0, 0), detector.spread / pitch, borderType=cv2.BORDER_REFLECT)
    caught = cv2.GaussianBlur(primary + detector.scatter * scattered, (0, 0), detector.blur / pitch)
    random = np.random.default_rng(seed)
    counted = random.poisson(caught * detector.quanta) + random.normal(0, 6, caught.shape)
    return np.maximum(counted / detector.quanta, 1e-5).astype(np.float32)


def processed(dose: Array, pitch: float, detector: Detector, collimated: NDArray[np.bool_]) -> Array:
    """The picture, float32 0..1, bright = dense."""
    density = -np.log(dose)
    inner = density[collimated]
    low, high = np.percentile(inner, [3, 97])
    level = np.clip(density, low - 1.2, None)
    broad = cv2.GaussianBlur(level, (0, 0), _BROAD / pitch, borderType=cv2.BORDER_REFLECT)
    fine = level - cv2.GaussianBlur(level, (0, 0), _EDGE / pitch)
    level = level - detector.flattening * (broad - np.median(broad)) + detector.edges * fine
    low, middle, high = np.percentile(level[collimated], [12, 50, 98])
    steep = 5.0 * detector.contrast / (high - low)
    return (1 / (1 + np.exp(-steep * (level - (low + 0.50 * (high - low)))))).astype(np.float32)
