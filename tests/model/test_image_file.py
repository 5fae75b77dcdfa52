"""PNG and JPEG files."""

import imagecodecs
import numpy as np
import pytest

from model.errors import NotReadable, RefusalCode
from model.radiograph import Radiograph
from tests.radiographs import chest

GREY8 = (chest() * 255).astype(np.uint8)
GREY16 = (chest() * 60000).astype(np.uint16) + 1000


def test_png_of_8_bits_has_its_whole_range() -> None:
    found = Radiograph.from_bytes(imagecodecs.png_encode(GREY8))
    np.testing.assert_allclose(found.pixels, GREY8 / 255, atol=1e-6)
    assert found.steps == ("PNG of 8 bits", "no window: the whole range of the stored bits")
    assert (found.view, found.pixel_spacing, found.sop_instance_uid) == ("unknown", None, None)


def test_png_of_16_bits_goes_from_its_smallest_to_its_largest_value() -> None:
    low, high = int(GREY16.min()), int(GREY16.max())
    found = Radiograph.from_bytes(imagecodecs.png_encode(GREY16))
    np.testing.assert_allclose(found.pixels, (GREY16.astype(float) - low) / (high - low), atol=1e-6)


@pytest.mark.parametrize("samples", [3, 4])
def test_png_of_grey_in_colour(samples: int) -> None:
    opaque = np.stack([GREY8, GREY8, GREY8, np.full_like(GREY8, 255)][:samples], axis=-1)
    found = Radiograph.from_bytes(imagecodecs.png_encode(opaque))
    np.testing.assert_allclose(found.pixels, GREY8 / 255, atol=1e-6)
    assert "grey taken from colour" in found.steps


@pytest.mark.parametrize("samples", [1, 3])
def test_jpeg(samples: int) -> None:
    pixels = GREY8 if samples == 1 else np.stack([GREY8] * 3, axis=-1)
    found = Radiograph.from_bytes(imagecodecs.jpeg8_encode(pixels, level=98))
    assert np.abs(found.pixels - GREY8 / 255).max() < 0.05


def test_a_colour_photograph_is_no_radiograph() -> None:
    pixels = np.stack([GREY8, GREY8 // 2, GREY8 // 4], axis=-1)
    for data in (imagecodecs.png_encode(pixels), imagecodecs.jpeg8_encode(pixels)):
        with pytest.raises(NotReadable) as caught:
            Radiograph.from_bytes(data)
        assert caught.value.code == RefusalCode.NOT_RADIOGRAPH


def test_a_transparent_png_is_refused() -> None:
    pixels = np.stack([GREY8, GREY8, GREY8, GREY8], axis=-1)
    with pytest.raises(NotReadable) as caught:
        Radiograph.from_bytes(imagecodecs.png_encode(pixels))
    assert caught.value.code == RefusalCode.UNSUPPORTED_SYNTAX


@pytest.mark.parametrize("encode", [imagecodecs.png_encode, imagecodecs.jpeg8_encode])
@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
def test_a_file_that_ends_early(encode: object, keep: float) -> None:
    assert callable(encode)
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    data = encode(noise)
    with pytest.raises(NotReadable) as caught:
        Radiograph.from_bytes(data[: int(len(data) * keep)])
    assert caught.value.code == RefusalCode.CORRUPT


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7", b"PK\x03\x04" + bytes(300), bytes(1000)])
def test_something_else(data: bytes) -> None:
    for read in (Radiograph.from_bytes, Radiograph.from_dicom, Radiograph.from_image):
        with pytest.raises(NotReadable) as caught:
            read(data)
        assert caught.value.code == RefusalCode.NOT_DICOM
