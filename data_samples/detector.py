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
    quanta: float = 350000.0
    #: Scattered quanta for each primary one, where the body is one mean free path thick. A grid lowers it.
    scatter: float = 0.35
    #: Blur of the screen or the photodiodes, mm.
    blur: float = 0.16
    #: Gain of details of about 1.5, 4 and 12 mm.
    details: tuple[float, float, float] = (0.6, 0.5, 0.6)
    #: How much of the differences broader than ``_BROAD`` mm is taken away, 0..1.
    flattening: float = 0.55
    #: Steepness of the S-shaped curve.
    contrast: float = 0.88
    #: Share of the curve below its middle; lower is a darker picture.
    middle: float = 0.39


#: mm: spread of scattered quanta; what ``details`` and ``flattening`` are about.
_SPREAD = 50.0
_DETAILS = (1.5, 4.0, 12.0)
_BROAD = 38.0


def exposed(integrals: Array, pitch: float, detector: Detector, seed: int) -> Array:
    """Relative dose at each pixel, noise included; 1 is the open beam."""
    primary = np.exp(-integrals)
    # Quanta are scattered by what they meet: none in air, most where much tissue lets much through.
    scattered = _blurred(primary * integrals, _SPREAD / pitch)
    caught = _blurred(primary + detector.scatter * scattered, detector.blur / pitch)
    random = np.random.default_rng(seed)
    counted = random.poisson(caught * detector.quanta) + random.normal(0, 5, caught.shape)
    return np.asarray(np.maximum(counted / detector.quanta, 1e-4), np.float32)


def processed(dose: Array, pitch: float, detector: Detector, inside: NDArray[np.bool_]) -> Array:
    """The picture, float32 0..1, bright = dense. ``inside`` is what the collimator leaves open."""
    density = -np.log(dose)
    body = density[inside & (density > 0.35)]
    thin, usual, thick = np.percentile(body, [8, 50, 99])
    level = density
    for size, gain in zip(_DETAILS, detector.details, strict=True):
        level = level + gain * np.clip(density - _blurred(density, size / pitch), -0.35, 0.35)
    broad = _blurred(np.clip(density, thin - 0.6, thick), _BROAD / pitch)
    level = level - detector.flattening * (broad - usual)
    low, high = np.percentile(level[inside & (density > 0.35)], [8, 98])
    share = (level - low) / (high - low)
    return np.asarray((1 / (1 + np.exp(-4.2 * detector.contrast * (share - detector.middle)))), np.float32)


def _blurred(picture: Array, sigma: float) -> Array:
    """A Gaussian blur; a broad one is done on a smaller picture, which differs by nothing that shows."""
    shrink = int(sigma // 6)
    if shrink < 2:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32)
    rows, columns = picture.shape
    small = cv2.resize(picture, (-(-columns // shrink), -(-rows // shrink)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink, borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC), np.float32)
