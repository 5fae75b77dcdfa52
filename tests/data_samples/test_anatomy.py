"""Chests drawn at random: their outlines are those of a chest."""

import numpy as np

from data_samples.anatomy import drawn
from model.anatomy import plausible, ratio
from model.reading import STRUCTURES


def test_a_chest_with_its_outlines() -> None:
    pixels, outlines = next(drawn(0, 1))
    masks = np.array([outlines[name] for name in STRUCTURES])
    assert masks.shape[1:] == pixels.shape
    assert plausible(masks)
    assert 0.3 < ratio(masks) < 0.8
    assert not (masks[0] & masks[1]).any()
    assert not (masks[2] & (masks[0] | masks[1])).any()
    right, left, heart = (float(pixels[mask].mean()) for mask in masks)
    assert max(right, left) < heart  # dense is bright
