import numpy as np
import pytest

pytest.importorskip("monai", reason="needs the extra [train]")

from model.orientation import Turn
from model.placement import Placement
from training.augmentation import augment, blur_as_thumbnail, spoil

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
    image = np.random.default_rng(1).random((64, 64), dtype=np.float32)
    first, again, other = (augment(image, np.zeros((0, 64, 64), np.float32), seed)[0] for seed in (1, 1, 2))
    assert first.shape == image.shape
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_places_move_with_the_picture() -> None:
    # The only thing in the picture is where the mask is; exposure and noise change how bright it is, not where.
    image = np.zeros((128, 128), np.float32)
    image[30:60, 70:110] = 1
    for seed in range(20):
        changed, (place,) = augment(image, image[None], seed)
        assert changed[place > 0.9].mean() > changed[place < 0.1].mean() + 0.5


def test_a_thumbnail_keeps_the_mean() -> None:
    pixels = np.random.default_rng(2).random((512, 512), dtype=np.float32)
    thumbnail = blur_as_thumbnail(pixels, np.random.default_rng(3))
    assert 64 <= thumbnail.shape[0] == thumbnail.shape[1] <= 192
    assert thumbnail.mean() == pytest.approx(pixels.mean(), abs=1e-3)
