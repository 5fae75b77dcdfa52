"""What may change in a radiograph without changing its findings, and what the gate must notice.

Two steps. ``augment`` (MONAI transforms): geometry, aspect, exposure, sharpness and noise as they vary between
rooms and data sets. ``spoil``: turned, mirrored or inverted on purpose, with the truth for the gate.
"""

import numpy as np
import torch
from monai.transforms import (
    Compose,
    RandAdjustContrast,
    RandAffine,
    RandCoarseDropout,
    RandGaussianNoise,
    RandGaussianSmooth,
    RandHistogramShift,
)
from numpy.typing import NDArray

from model.orientation import Turn
from model.preprocessing import resize

#: Chance of each way to spoil; independent of each other. What is turned or inverted teaches the gate alone and is
#: kept rare; what is mirrored teaches the findings too.
TURNED, MIRRORED, INVERTED = 0.06, 0.25, 0.04

#: Longer side, in pixels, from which on an image is sharp enough to be blurred on purpose.
SHARP = 224


def augment(
    pixels: NDArray[np.float32], places: NDArray[np.float32], seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """``pixels`` (S, S), 0..1, changed in every way; ``places`` (n, S, S), masks, moved with them."""
    size = len(pixels)
    moved = _run(geometry(size), np.concatenate([pixels[None], places]), seed)
    return _run(exposure(size), moved[:1], seed)[0], moved[1:]


def _run(transforms: Compose, image: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    transforms.set_random_state(seed)
    changed = torch.as_tensor(transforms(torch.from_numpy(image)))
    return np.asarray(changed.numpy(), dtype=np.float32)


def geometry(size: int) -> Compose:
    """What moves a finding: float32 (channels, size, size) -> the same shape."""
    return Compose(
        [
            RandAffine(
                prob=0.9,
                rotate_range=0.14,  # radians, 8 degrees
                shear_range=(0.05, 0.05),
                translate_range=(0.06 * size, 0.06 * size),
                scale_range=((-0.18, 0.12), (-0.18, 0.12)),  # each axis its own: the aspect ratio is not to be trusted
                padding_mode="zeros",
            )
        ]
    )


def exposure(size: int) -> Compose:
    """What leaves a finding where it is: float32 (1, size, size), 0..1 -> the same shape, about the same range."""
    return Compose(
        [
            RandAdjustContrast(prob=0.5, gamma=(0.6, 1.6)),
            RandHistogramShift(prob=0.3, num_control_points=6),
            RandGaussianSmooth(prob=0.15, sigma_x=(0.4, 1.2), sigma_y=(0.4, 1.2)),
            RandGaussianNoise(prob=0.25, std=0.03),
            RandCoarseDropout(
                prob=0.15, holes=1, max_holes=3, spatial_size=size // 16, max_spatial_size=size // 5, fill_value=0.0
            ),
        ]
    )


def blur_as_thumbnail(pixels: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Shrink to a thumbnail's size, 64 to 192 pixels.

    Much of the public data are thumbnails; sharp images shrunk at random keep the network from learning
    that a blurred radiograph is a certain data set.
    """
    return resize(pixels, int(random.integers(64, 193)))


def draw_turn(random: np.random.Generator) -> Turn:
    """What a spoilt radiograph will need to be set right; mostly nothing."""
    turned, mirrored, inverted = random.random(3) < (TURNED, MIRRORED, INVERTED)
    quarter_turns = int(random.integers(1, 4)) if turned else 0
    return Turn(quarter_turns=quarter_turns, mirrored=bool(mirrored), inverted=bool(inverted))


def spoil(pixels: NDArray[np.float32], turn: Turn) -> NDArray[np.float32]:
    """``pixels`` (S, S), 0..1, spoilt so that ``turn`` sets them right."""
    turned = np.rot90(pixels, -turn.quarter_turns)
    if turn.mirrored:
        turned = turned[:, ::-1]
    return np.ascontiguousarray(1 - turned if turn.inverted else turned)
