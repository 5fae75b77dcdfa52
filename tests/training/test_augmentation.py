import numpy as np
import pytest

pytest.importorskip("monai", reason="needs the extra [train]")

from model.orientation import Turn
from model.placement import Placement
from training.augmentation import augmentation, blur_as_thumbnail, spoil

PIXELS = np.random.default_rng(0).random((8, 8), dtype=np.float32)


@pytest.mark.parametrize("quarter_turns", range(4))
@pytest.mark.parametrize("mirrored", [False, True])
def test_what_is_spoilt_a_placement_mends(quarter_turns: int, mirrored: bool) -> None:
    spoilt = spoil(PIXELS, Turn(quarter_turns=quarter_turns, mirrored=mirrored))
    placement = Placement(rows=8, columns=8, size=8, quarter_turns=quarter_turns, mirrored=mirrored)
    np.testing.assert_array_equal(placement.forward(spoilt), PIXELS)


def test_inverted_twice_is_as_before() -> None:
    inverted = Turn(inverted=True)
    np.testing.assert_allclose(spoil(spoil(PIXELS, inverted), inverted), PIXELS, atol=1e-6)


def test_augmentation_is_decided_by_its_seed() -> None:
    import torch

    image = torch.from_numpy(np.random.default_rng(1).random((1, 64, 64), dtype=np.float32))
    first, again, other = (torch.as_tensor(augmentation(64, seed)(image)).clone() for seed in (1, 1, 2))
    assert first.shape == image.shape
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_thumbnail_keeps_the_mean() -> None:
    pixels = np.random.default_rng(2).random((512, 512), dtype=np.float32)
    thumbnail = blur_as_thumbnail(pixels, np.random.default_rng(3))
    assert 64 <= thumbnail.shape[0] == thumbnail.shape[1] <= 192
    assert thumbnail.mean() == pytest.approx(pixels.mean(), abs=1e-3)
