"""Whatever bytes come in: a radiograph or a refusal, and no other exception."""

import imagecodecs
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from model.errors import NotReadable
from model.limits import Limits
from model.radiograph import Radiograph
from tests.radiographs import chest, dicom

PIXELS = (chest(20, 24) * 255).astype(np.uint8)
LUT = Dataset()
LUT.add_new("LUTDescriptor", "US", [256, 0, 8])
LUT.add_new("LUTData", "OW", bytes(256))
RLE = b"\1\0\0\0\x40\0\0\0" + bytes(56) + b"".join(b"\x17" + row.tobytes() for row in PIXELS)

SEEDS = {
    "explicit": dicom(PIXELS, WindowCenter=100, WindowWidth=200, PixelPaddingValue=3),
    "implicit": dicom(PIXELS, transfer_syntax=uid.ImplicitVRLittleEndian, VOILUTSequence=Sequence([LUT])),
    "big endian": dicom(PIXELS, transfer_syntax=uid.ExplicitVRBigEndian, PixelSpacing=[0.2, 0.2]),
    "deflated": dicom(PIXELS, transfer_syntax=uid.DeflatedExplicitVRLittleEndian),
    "bare": dicom(PIXELS, file_meta=False),
    "RLE": dicom(PIXELS, frames=[RLE], transfer_syntax=uid.RLELossless),
    "JPEG": dicom(PIXELS, frames=[imagecodecs.jpeg8_encode(PIXELS)], transfer_syntax=uid.JPEGBaseline8Bit),
    "JPEG lossless": dicom(PIXELS, frames=[imagecodecs.ljpeg_encode(PIXELS)], transfer_syntax=uid.JPEGLosslessSV1),
    "JPEG-LS": dicom(PIXELS, frames=[imagecodecs.jpegls_encode(PIXELS)], transfer_syntax=uid.JPEGLSLossless),
    "JPEG 2000": dicom(
        PIXELS, frames=[imagecodecs.jpeg2k_encode(PIXELS, level=0)], transfer_syntax=uid.JPEG2000Lossless
    ),
    "HTJ2K": dicom(PIXELS, frames=[imagecodecs.htj2k_encode(PIXELS)], transfer_syntax=uid.HTJ2KLossless),
    "PNG": imagecodecs.png_encode(PIXELS),
    "JPEG file": imagecodecs.jpeg8_encode(PIXELS),
}
#: Small, so that a flipped size costs little.
LIMITS = Limits(max_bytes=2**20, max_rows=512, max_columns=512, max_frames=4)


def answered(data: bytes) -> bool:
    try:
        pixels = Radiograph.from_bytes(data, limits=LIMITS).pixels
    except NotReadable as refused:
        return bool(refused.reason)
    return pixels.dtype == np.float32 and pixels.ndim == 2 and bool(((pixels >= 0) & (pixels <= 1)).all())


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS.keys())
def test_the_seed_is_read(seed: bytes) -> None:
    assert Radiograph.from_bytes(seed, limits=LIMITS).pixels.shape == (20, 24)


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS.keys())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_flipped_and_cut(seed: bytes, data: st.DataObject) -> None:
    changed = bytearray(seed)
    # The preamble's 128 bytes mean nothing: do not waste flips on them.
    where = st.integers(min(132, len(seed) // 8), len(seed) - 1)
    for at, value in data.draw(st.lists(st.tuples(where, st.integers(0, 255)), max_size=6)):
        changed[at] = value
    cut = data.draw(st.one_of(st.just(len(seed)), where))
    assert answered(bytes(changed[:cut]))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(noise=st.binary(max_size=400), preamble=st.booleans())
def test_noise(noise: bytes, preamble: bool) -> None:
    assert answered(bytes(128) + b"DICM" + noise if preamble else noise)
