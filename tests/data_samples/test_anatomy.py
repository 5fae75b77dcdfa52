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
    lungs, heart = masks[0] | masks[1], masks[2]
    assert (heart & lungs).sum() < 0.01 * heart.sum()  # closed as people draw it, it is not quite what hides the lungs
    assert pixels[lungs].mean() < pixels[heart].mean()  # dense is bright
