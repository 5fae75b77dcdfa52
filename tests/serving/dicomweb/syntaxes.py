"""One small 12-bit radiograph in every lossless transfer syntax, written by encoders that are not Hilum's decoders."""

from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom import uid
from pydicom.pixels import get_encoder

from tests.radiographs import chest

#: Odd sizes, since they find more mistakes.
PIXELS: NDArray[np.uint16] = np.rint(
    np.clip(chest(61, 83) + np.random.default_rng(0).normal(0, 0.01, (61, 83)), 0, 1) * 4095
).astype(np.uint16)


def _rle(pixels: NDArray[Any]) -> bytes:
    return get_encoder(uid.RLELossless).encode(
        pixels, encoding_plugin="pydicom", rows=61, columns=83, samples_per_pixel=1, bits_allocated=16, bits_stored=12,
        pixel_representation=0, photometric_interpretation="MONOCHROME2", number_of_frames=1,
    )  # fmt: skip


#: Transfer syntax to its codestreams; None where pixels are native.
SYNTAXES: dict[str, list[bytes] | None] = {
    uid.ExplicitVRLittleEndian: None,
    uid.ImplicitVRLittleEndian: None,
    uid.ExplicitVRBigEndian: None,
    uid.DeflatedExplicitVRLittleEndian: None,
    uid.RLELossless: [_rle(PIXELS)],
    uid.JPEGLossless: [imagecodecs.ljpeg_encode(PIXELS, bitspersample=12)],
    uid.JPEGLosslessSV1: [imagecodecs.ljpeg_encode(PIXELS, bitspersample=12)],
    uid.JPEGLSLossless: [imagecodecs.jpegls_encode(PIXELS)],
    uid.JPEG2000Lossless: [imagecodecs.jpeg2k_encode(PIXELS, codecformat="j2k", reversible=True, bitspersample=12)],
    uid.HTJ2KLossless: [imagecodecs.htj2k_encode(PIXELS, reversible=True)],
}
