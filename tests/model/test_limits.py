"""What is too large or contradicts itself is refused before memory is taken for it."""

import struct
import tracemalloc
import zlib
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom import uid

from model.errors import NotReadable, RefusalCode
from model.limits import Limits
from model.radiograph import Radiograph
from tests.radiographs import dicom

SMALL = np.arange(48, dtype=np.uint16).reshape(6, 8)
MEBIBYTE = 2**20
USUAL = Limits()


def refusal(data: bytes, *, limits: Limits = USUAL, most: int = 4 * MEBIBYTE) -> RefusalCode:
    """The code, and a check that no more memory than ``most`` was taken on the way to it."""
    tracemalloc.start()
    try:
        with pytest.raises(NotReadable) as caught:
            Radiograph.from_bytes(data, limits=limits)
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()
    return caught.value.code


@pytest.mark.parametrize(
    "claim",
    [
        {"Rows": 65535, "Columns": 65535},
        {"Rows": 8193},
        {"Columns": 8193},
        {"NumberOfFrames": 17},
        {"NumberOfFrames": 2**31 - 1},
    ],
    ids=str,
)
def test_claims_above_the_limits(claim: dict[str, int]) -> None:
    assert refusal(dicom(SMALL, **claim)) == RefusalCode.TOO_LARGE


def test_the_limits_can_be_set() -> None:
    data = dicom(SMALL)
    assert Radiograph.from_bytes(data, limits=Limits(max_rows=6, max_columns=8)).pixels.shape == (6, 8)
    assert refusal(data, limits=Limits(max_rows=5)) == RefusalCode.TOO_LARGE
    assert refusal(data, limits=Limits(max_columns=7)) == RefusalCode.TOO_LARGE
    assert refusal(data, limits=Limits(max_bytes=len(data) - 1)) == RefusalCode.TOO_LARGE


@pytest.mark.parametrize("claim", [{"Rows": 0}, {"Columns": 0}, {"NumberOfFrames": 0}, {"NumberOfFrames": -3}], ids=str)
def test_nothing_to_see(claim: dict[str, int]) -> None:
    assert refusal(dicom(SMALL, **claim)) == RefusalCode.CORRUPT


def test_a_deflated_bomb() -> None:
    # 64 MiB of zeros in 64 KiB
    start = dicom(SMALL, transfer_syntax=uid.DeflatedExplicitVRLittleEndian)
    length = int.from_bytes(start[140:144], "little")
    meta = start[: 144 + length]
    deflate = zlib.compressobj(9, wbits=-15)
    bomb = deflate.compress(struct.pack("<HH2sHI", 8, 5, b"OB", 0, 64 * MEBIBYTE) + bytes(64 * MEBIBYTE))
    data = meta + bomb + deflate.flush()
    limits = Limits(max_bytes=MEBIBYTE)
    assert len(data) < limits.max_bytes
    assert refusal(data, limits=limits) == RefusalCode.TOO_LARGE


def resized(codestream: bytes, at: int, kind: str, *values: int) -> bytes:
    changed = bytearray(codestream)
    struct.pack_into(kind, changed, at, *values)
    return bytes(changed)


JPEG = imagecodecs.jpeg8_encode(SMALL.astype(np.uint8))
JPEG_LS = imagecodecs.jpegls_encode(SMALL)
JPEG_2000 = imagecodecs.jpeg2k_encode(SMALL, codecformat="j2k", level=0)
CODESTREAMS = {
    # The frame header's rows and columns: behind its marker, length and precision
    "JPEG": (uid.JPEGBaseline8Bit, resized(JPEG, JPEG.index(b"\xff\xc0") + 5, ">HH", 65535, 65535)),
    "JPEG-LS": (uid.JPEGLSLossless, resized(JPEG_LS, JPEG_LS.index(b"\xff\xf7") + 5, ">HH", 65535, 65535)),
    # SIZ: Xsiz and Ysiz, behind SOC, its marker, its length and Rsiz
    "JPEG 2000": (uid.JPEG2000Lossless, resized(JPEG_2000, 8, ">II", 1 << 30, 1 << 30)),
    "HTJ2K": (uid.HTJ2KLossless, resized(imagecodecs.htj2k_encode(SMALL), 8, ">II", 1 << 30, 1 << 30)),
}


@pytest.mark.parametrize(("syntax", "codestream"), CODESTREAMS.values(), ids=CODESTREAMS.keys())
def test_a_codestream_larger_than_its_file_says(syntax: str, codestream: bytes) -> None:
    data = dicom(SMALL, frames=[codestream], transfer_syntax=syntax)
    assert refusal(data) == RefusalCode.CORRUPT


def test_an_rle_bomb() -> None:
    # One segment of 2 MiB that claims runs of 128 zeros: 128 MiB for 96 bytes
    header = struct.pack("<16I", 1, 64, *[0] * 14)
    codestream = header + b"\x81\0" * MEBIBYTE
    data = dicom(SMALL.astype(np.uint8), frames=[codestream], transfer_syntax=uid.RLELossless)
    assert refusal(data, most=10 * MEBIBYTE) == RefusalCode.CORRUPT


def test_an_image_file_larger_than_the_limits() -> None:
    png = imagecodecs.png_encode(SMALL)
    assert refusal(resized(png, 16, ">II", 65535, 65535)) == RefusalCode.TOO_LARGE
    assert refusal(resized(JPEG, JPEG.index(b"\xff\xc0") + 5, ">HH", 65535, 65535)) == RefusalCode.TOO_LARGE


def test_sequences_nested_too_deep() -> None:
    plain = dicom(SMALL)
    at = plain.index(b"\x28\x00\x02\x00US")  # before Samples per Pixel
    nested = struct.pack("<HH2sxxI", 0x0008, 0x1140, b"SQ", 0xFFFFFFFF) + struct.pack(
        "<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF
    )
    assert refusal(plain[:at] + nested * 5000 + plain[at:]) == RefusalCode.CORRUPT


@pytest.mark.parametrize("length", [94, 50, 0])
def test_pixel_data_that_are_too_short(length: int) -> None:
    assert refusal(dicom(SMALL, PixelData=bytes(length))) == RefusalCode.CORRUPT  # 6 x 8 x 2 = 96 bytes


@pytest.mark.parametrize("extra", [2, 64])
def test_pixel_data_that_are_padded(extra: int) -> None:
    assert Radiograph.from_dicom(dicom(SMALL, PixelData=SMALL.tobytes() + bytes(extra))).pixels.shape == (6, 8)


def test_pixel_data_of_another_size() -> None:
    assert refusal(dicom(SMALL, PixelData=SMALL.tobytes() * 3)) == RefusalCode.CORRUPT


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({"BitsAllocated": 32}, RefusalCode.UNSUPPORTED_SYNTAX),
        ({"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}, RefusalCode.UNSUPPORTED_SYNTAX),
        ({"BitsStored": 17}, RefusalCode.CORRUPT),
        ({"BitsStored": 12, "HighBit": 10}, RefusalCode.CORRUPT),
        ({"SamplesPerPixel": 2}, RefusalCode.CORRUPT),
        ({"PhotometricInterpretation": "CMYK"}, RefusalCode.UNSUPPORTED_SYNTAX),
        ({"PhotometricInterpretation": None}, RefusalCode.UNSUPPORTED_SYNTAX),
        ({"Rows": None}, RefusalCode.CORRUPT),
        ({"RescaleSlope": 0}, RefusalCode.CORRUPT),
    ],
    ids=str,
)
def test_a_pixel_module_that_cannot_be(claim: dict[str, Any], code: RefusalCode) -> None:
    assert refusal(dicom(SMALL, **claim)) == code


def test_a_transfer_syntax_that_is_not_known() -> None:
    data = dicom(SMALL, frames=[b"\0\0"], transfer_syntax=uid.MPEG2MPML)
    assert refusal(data) == RefusalCode.UNSUPPORTED_SYNTAX


@pytest.mark.parametrize("at", [3, 100, 140, 300, 600, -300, -3])
def test_a_file_that_ends_early(at: int) -> None:
    whole = dicom(np.zeros((40, 50), dtype=np.uint16))
    assert refusal(whole[:at]) in {RefusalCode.CORRUPT, RefusalCode.NOT_DICOM}


@pytest.mark.parametrize("syntax", CODESTREAMS)
def test_a_codestream_that_ends_early(syntax: str) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (40, 50), dtype=np.uint8)
    encode = {
        "JPEG": imagecodecs.jpeg8_encode,
        "JPEG-LS": imagecodecs.jpegls_encode,
        "JPEG 2000": imagecodecs.jpeg2k_encode,
        "HTJ2K": imagecodecs.htj2k_encode,
    }[syntax]
    codestream = encode(pixels)[:-200]
    assert refusal(dicom(pixels, frames=[codestream], transfer_syntax=CODESTREAMS[syntax][0])) == RefusalCode.CORRUPT


def test_words_of_a_refusal_say_what_must_be_and_what_came() -> None:
    with pytest.raises(NotReadable, match=r"Bits Allocated \(0028,0100\) must be 8 or 16, not 32\. Send"):
        Radiograph.from_dicom(dicom(SMALL, BitsAllocated=32))
