"""The chest wall's inner surface, and the one place that says how tall, wide and deep a thorax is."""

from dataclasses import dataclass

import numpy as np

from data_samples.shapes import profile
from data_samples.space import Array, vec

#: Height of each vertebra's middle, C4 to L3.
VERTEBRAE: dict[str, float] = {
    "C4": 179.0, "C5": 162.0, "C6": 145.0, "C7": 127.0,
    "T1": 107.0, "T2": 85.5, "T3": 63.5, "T4": 41.0, "T5": 18.0, "T6": -5.5,
    "T7": -29.5, "T8": -54.0, "T9": -79.5, "T10": -106.0, "T11": -134.0, "T12": -163.5,
    "L1": -195.0, "L2": -228.0, "L3": -262.0,
}  # fmt: skip

#: (height, mm): half width, half depth, and the middle from front to back.
_HALF_WIDTH: list[tuple[float, float]] = [
    *((128, 14), (118, 44), (106, 62), (90, 77), (62, 100), (30, 117)),
    *((-10, 128), (-60, 135), (-110, 139), (-160, 138), (-210, 131), (-270, 124)),
]
_HALF_DEPTH: list[tuple[float, float]] = [
    *((125, 26), (105, 40), (60, 62), (0, 85), (-60, 96), (-120, 101), (-200, 96), (-270, 90)),
]
_MIDDLE: list[tuple[float, float]] = [
    *((125, 30), (105, 28), (60, 20), (0, 6), (-60, 0), (-120, -2), (-200, 0), (-270, 2)),
]
#: y of the middle of the vertebral bodies.
_SPINE: list[tuple[float, float]] = [
    *((185, 8), (150, 12), (107, 29), (60, 45), (10, 56), (-40, 61), (-90, 60), (-150, 51), (-200, 42), (-270, 34)),
]


@dataclass(frozen=True, kw_only=True)
class Cage:
    """An oval at each height. Angles go round it from the spine (0) by the side (90) to the breastbone (180)."""

    #: Widths and depths are multiplied by these.
    width: float = 1.0
    depth: float = 1.0

    def half_width(self, z: Array) -> Array:
        return profile(z, _HALF_WIDTH) * np.float32(self.width)

    def half_depth(self, z: Array) -> Array:
        return profile(z, _HALF_DEPTH) * np.float32(self.depth)

    def middle(self, z: Array) -> Array:
        """y of the oval's centre."""
        return profile(z, _MIDDLE)

    def spine(self, z: Array) -> Array:
        """y of the middle of the vertebral bodies; further back where the chest is deeper."""
        return profile(z, _SPINE) + (self.half_depth(z) - profile(z, _HALF_DEPTH))

    def distance(self, x: Array, y: Array, z: Array) -> Array:
        """Millimetres from the surface, negative inside."""
        a, b, y0 = self.half_width(z), self.half_depth(z), self.middle(z)
        level = (np.abs(x / a) ** 2.3 + np.abs((y - y0) / b) ** 2.3) ** (1 / 2.3)
        reach = np.sqrt(x * x + (y - y0) ** 2)
        return np.asarray((reach * (1 - 1 / np.maximum(level, 1e-3))), np.float32)

    def front(self, z: float) -> float:
        """y of the surface in the middle of the chest's front."""
        return float(self.middle(vec(z))[0] - self.half_depth(vec(z))[0])

    def spine_at(self, z: float) -> float:
        return float(self.spine(vec(z))[0])

    def surface(self, angle: Array, z: Array, outward: float = 0.0) -> Array:
        """Points (n, 3) on the patient's left side, ``outward`` mm off the surface."""
        sine, cosine = np.sin(angle), np.cos(angle)
        x = (self.half_width(z) + outward) * np.sign(sine) * np.abs(sine) ** (2 / 2.3)
        y = self.middle(z) + (self.half_depth(z) + outward) * np.sign(cosine) * np.abs(cosine) ** (2 / 2.3)
        return np.asarray(np.stack([x, y, z], axis=-1), np.float32)
