"""Every transfer syntax, bit for bit: against DCMTK's tools, or against values that the test itself encoded."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import data_store
import imagecodecs
import numpy as np
import openjpeg
import pytest
from numpy.typing import NDArray
from pydicom import dcmread, uid

from model.decoding import decode
from model.dicom_file import open_file
from model.errors import NotReadable, RefusalCode
from model.image_pixel import image_pixel
from model.limits import Limits
from model.radiograph import Radiograph
from tests.radiographs import SECONDARY_CAPTURE, chest, dicom

Values = NDArray[np.integer[Any]]


def stored_values(data: bytes, frame: int = 0) -> Values:
    """As the decoder gives them, before they mean anything."""
    file = open_file(data, Limits().max_bytes)
    stored = decode(file, image_pixel(file.elements, Limits()), frame)
    codes = (stored.cells.astype(np.int64) >> stored.low_bit) & ((1 << stored.bits) - 1)
    return stored.values()[codes]


def picture(bits: int, *, signed: bool = False, rows: int = 61, columns: int = 83) -> Values:
    """A chest with noise that uses all values of ``bits`` bits; odd sizes, since those find more mistakes."""
    noise = np.random.default_rng(bits).normal(0, 0.02, (rows, columns))
    codes = np.clip(chest(rows, columns) * 1.1 - 0.05 + noise, 0, 1) * ((1 << bits) - 1)
    kind = f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}"
    return (np.rint(codes) - (1 << (bits - 1)) * signed).astype(kind)


def written(pixels: Values, bits: int, **keywords: Any) -> bytes:
    return dicom(pixels, BitsStored=bits, HighBit=bits - 1, SOPClassUID=SECONDARY_CAPTURE, **keywords)


def dcmtk(tool: str, *options: str, data: bytes, folder: Path) -> bytes:
    """One of DCMTK's command line tools on a file."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} of DCMTK is not installed")
    (folder / "in.dcm").write_bytes(data)
    command = [tool, *options, "in.dcm", "out.dcm"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    return (folder / "out.dcm").read_bytes()


# --- native ---


@pytest.mark.parametrize("syntax", ["+ti", "+te", "+tb", "+td"])  # implicit, explicit, big endian, deflated
@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (12, True), (16, True)])
def test_native(syntax: str, bits: int, signed: bool, tmp_path: Path) -> None:
    pixels = picture(bits, signed=signed)
    data = dcmtk("dcmconv", syntax, data=written(pixels, bits), folder=tmp_path)
    np.testing.assert_array_equal(stored_values(data), pixels)


@pytest.mark.parametrize(
    "syntax",
    [
        uid.ImplicitVRLittleEndian,
        uid.ExplicitVRLittleEndian,
        uid.ExplicitVRBigEndian,
        uid.DeflatedExplicitVRLittleEndian,
    ],
)
def test_native_as_pydicom_writes_it(syntax: str) -> None:
    pixels = picture(14)
    np.testing.assert_array_equal(stored_values(written(pixels, 14, transfer_syntax=syntax)), pixels)


@pytest.mark.parametrize("syntax", [uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian])
def test_a_bare_data_set(syntax: str) -> None:
    pixels = picture(12)
    data = written(pixels, 12, transfer_syntax=syntax, file_meta=False)
    np.testing.assert_array_equal(stored_values(data), pixels)


def test_big_endian_bytes_in_words(tmp_path: Path) -> None:
    pixels = picture(8, columns=82)
    data = bytearray(written(pixels, 8, transfer_syntax=uid.ExplicitVRBigEndian))
    at = data.index(b"\x7f\xe0\x00\x10OB")
    swapped = np.frombuffer(bytes(data[at + 12 :]), "<u2").byteswap().tobytes()
    data[at + 4 :] = b"OW" + data[at + 6 : at + 12] + swapped
    np.testing.assert_array_equal(stored_values(bytes(data)), pixels)


# --- RLE, JPEG, JPEG-LS: encoded and decoded by DCMTK ---

LOSSLESS = {
    "RLE": (uid.RLELossless, "dcmcrle", [], [8, 12, 16]),
    "JPEG lossless, process 14": (uid.JPEGLossless, "dcmcjpeg", ["+el", "+sv", "6"], [8, 12, 16]),
    "JPEG lossless, SV1": (uid.JPEGLosslessSV1, "dcmcjpeg", ["+e1"], [8, 12, 16]),
    "JPEG-LS": (uid.JPEGLSLossless, "dcmcjpls", ["+el"], [8, 12, 16]),
}


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(
    ("syntax", "tool", "options", "bits"),
    [pytest.param(*row[:3], bits, id=f"{name}, {bits} bits") for name, row in LOSSLESS.items() for bits in row[3]],
)
def test_lossless(*, syntax: str, tool: str, options: list[str], bits: int, signed: bool, tmp_path: Path) -> None:
    pixels = picture(bits, signed=signed)
    data = dcmtk(tool, *options, data=written(pixels, bits), folder=tmp_path)
    assert open_file(data, 10**6).transfer_syntax == syntax
    np.testing.assert_array_equal(stored_values(data), pixels)


@pytest.mark.parametrize(
    ("syntax", "encoder", "options", "decoder", "bits"),
    [
        (uid.JPEGBaseline8Bit, "dcmcjpeg", ["+eb", "+q", "80"], "dcmdjpeg", 8),
        (uid.JPEGExtended12Bit, "dcmcjpeg", ["+ee", "+q", "80"], "dcmdjpeg", 12),
        (uid.JPEGExtended12Bit, "dcmcjpeg", ["+ee", "+q", "20"], "dcmdjpeg", 12),
        (uid.JPEGLSNearLossless, "dcmcjpls", ["+en", "+md", "3"], "dcmdjpls", 8),
        (uid.JPEGLSNearLossless, "dcmcjpls", ["+en", "+md", "9"], "dcmdjpls", 12),
    ],
)
def test_lossy_is_what_dcmtk_decodes(
    *, syntax: str, encoder: str, options: list[str], decoder: str, bits: int, tmp_path: Path
) -> None:
    pixels = picture(bits)
    data = dcmtk(encoder, *options, data=written(pixels, bits), folder=tmp_path)
    assert open_file(data, 10**6).transfer_syntax == syntax
    theirs = stored_values(dcmtk(decoder, data=data, folder=tmp_path))
    np.testing.assert_array_equal(stored_values(data), theirs)
    assert np.any(theirs != pixels)  # it was lossy indeed


# --- JPEG 2000 and HTJ2K ---


@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (12, True), (16, False), (16, True)])
def test_jpeg_2000_lossless(bits: int, signed: bool) -> None:
    pixels = picture(bits, signed=signed)
    codestream = openjpeg.encode(pixels, bits_stored=bits, codec_format=0, photometric_interpretation=2)
    data = written(pixels, bits, frames=[bytes(codestream)], transfer_syntax=uid.JPEG2000Lossless)
    np.testing.assert_array_equal(stored_values(data), pixels)


@pytest.mark.parametrize("syntax", [uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K])
@pytest.mark.parametrize("bits", [8, 16])
def test_htj2k_lossless(bits: int, syntax: str) -> None:
    pixels = picture(bits)
    data = written(pixels, bits, frames=[imagecodecs.htj2k_encode(pixels)], transfer_syntax=syntax)
    np.testing.assert_array_equal(stored_values(data), pixels)


@pytest.mark.parametrize(("bits", "apart"), [(8, 0), (16, 2)])
def test_htj2k_lossy_is_what_openjph_decodes(bits: int, apart: int) -> None:
    # Away from black and white, since OpenJPH does not clip there: this is why it is not ours
    pixels = picture(bits) // 2 + (1 << (bits - 2))
    codestream = imagecodecs.htj2k_encode(pixels, reversible=False, level=0.002)
    ours = stored_values(written(pixels, bits, frames=[codestream], transfer_syntax=uid.HTJ2K))
    theirs = imagecodecs.htj2k_decode(codestream).astype(np.int64)
    assert np.abs(ours - theirs).max() <= apart  # two implementations of one transform in floating point


@pytest.mark.parametrize("syntax", [uid.HTJ2K, uid.HTJ2KLossless])
def test_htj2k_lossy_keeps_white_white(syntax: str) -> None:
    pixels = picture(16)
    codestream = imagecodecs.htj2k_encode(pixels, reversible=False, level=0.001)
    ours = stored_values(written(pixels, 16, frames=[codestream], transfer_syntax=syntax))
    assert np.abs(ours - pixels).max() <= 0.002 * 65535


@pytest.mark.parametrize(("compressed", "plain", "apart"), [("J2KR", "UNCR", 0), ("J2KI", "UNCI", 1)])
def test_jpeg_2000_of_the_dicom_committee(compressed: str, plain: str, apart: int) -> None:
    # WG-04's compliance images: each codestream with what its maker decoded from it
    folder = Path(data_store.__file__).parent / "data"
    ours = stored_values((folder / f"RG1_{compressed}.dcm").read_bytes())
    theirs = stored_values((folder / f"RG1_{plain}.dcm").read_bytes())
    assert np.abs(ours - theirs).max() <= apart


# --- what files get wrong ---


@pytest.mark.parametrize(("precision", "stored"), [(12, 16), (16, 12), (12, 12)])
def test_precision_of_the_codestream_and_bits_stored_differ(precision: int, stored: int) -> None:
    pixels = picture(12)
    codestream = bytes(openjpeg.encode(pixels, bits_stored=precision, codec_format=0, photometric_interpretation=2))
    data = written(pixels, stored, frames=[codestream], transfer_syntax=uid.JPEG2000Lossless)
    np.testing.assert_array_equal(stored_values(data), pixels)


def test_a_signed_image_in_an_unsigned_codestream() -> None:
    # Its 12 bits in two's complement: -1 is written as 4095
    pixels = picture(12, signed=True)
    codestream = openjpeg.encode(
        (pixels & 0xFFF).astype(np.uint16), bits_stored=12, codec_format=0, photometric_interpretation=2
    )
    data = written(pixels, 12, frames=[bytes(codestream)], transfer_syntax=uid.JPEG2000Lossless)
    np.testing.assert_array_equal(stored_values(data), pixels)


def test_an_unsigned_image_in_a_signed_codestream() -> None:
    pixels = picture(12)
    as_signed = ((pixels.astype(np.int32) ^ 0x800) - 0x800).astype(np.int16)  # 4095 is written as -1
    codestream = openjpeg.encode(as_signed, bits_stored=12, codec_format=0, photometric_interpretation=2)
    data = written(pixels, 12, frames=[bytes(codestream)], transfer_syntax=uid.JPEG2000Lossless)
    np.testing.assert_array_equal(stored_values(data), pixels)


def test_a_codestream_in_a_jp2_file() -> None:
    pixels = picture(12)
    codestream = openjpeg.encode(pixels, bits_stored=12, codec_format=1, photometric_interpretation=2)
    data = written(pixels, 12, frames=[bytes(codestream)], transfer_syntax=uid.JPEG2000)
    np.testing.assert_array_equal(stored_values(data), pixels)


# --- frames and fragments ---


@pytest.mark.parametrize("offset_table", [True, False])
@pytest.mark.parametrize("fragments", [1, 3])
def test_frames_in_fragments(offset_table: bool, fragments: int) -> None:
    pixels = np.stack([picture(8, rows=40 + 0 * at) ^ np.uint8(at) for at in range(3)])
    frames = [imagecodecs.jpegls_encode(frame) for frame in pixels]
    data = written(
        pixels,
        8,
        frames=frames,
        fragments_per_frame=fragments,
        offset_table=offset_table,
        transfer_syntax=uid.JPEGLSLossless,
    )
    for at, frame in enumerate(pixels):
        np.testing.assert_array_equal(stored_values(data, at), frame)


def test_one_frame_of_a_native_multi_frame() -> None:
    pixels = np.stack([picture(12), picture(12)[::-1]])
    data = written(pixels, 12)
    np.testing.assert_array_equal(stored_values(data, 1), pixels[1])
    with pytest.raises(NotReadable):
        Radiograph.from_dicom(data, frame=2)


def test_padding_behind_a_codestream() -> None:
    pixels = picture(12)
    codestream = imagecodecs.jpegls_encode(pixels) + b"\0" * 6
    data = written(pixels, 12, frames=[codestream], transfer_syntax=uid.JPEGLSLossless)
    np.testing.assert_array_equal(stored_values(data), pixels)


# --- grey in colour's clothes ---


@pytest.mark.parametrize(
    ("photometric", "keywords"),
    [("RGB", {}), ("RGB", {"PlanarConfiguration": 1}), ("YBR_FULL", {})],
    ids=["RGB", "RGB by planes", "YBR"],
)
def test_a_grey_image_in_three_samples(photometric: str, keywords: dict[str, Any]) -> None:
    grey = picture(8)
    neutral = np.full_like(grey, 128)
    samples = np.stack([grey, *((grey, grey) if photometric == "RGB" else (neutral, neutral))], axis=-1)
    if keywords:
        samples = np.moveaxis(samples, -1, 0).reshape(samples.shape)
    data = written(samples, 8, PhotometricInterpretation=photometric, **keywords)
    np.testing.assert_array_equal(stored_values(data), grey)
    assert f"grey taken from {photometric}" in Radiograph.from_dicom(data).steps


def test_a_grey_image_in_rle_colour(tmp_path: Path) -> None:
    grey = picture(8)
    data = dcmtk("dcmcrle", data=written(np.stack([grey] * 3, axis=-1), 8), folder=tmp_path)
    np.testing.assert_array_equal(stored_values(data), grey)


def test_a_grey_image_in_ybr_full_422() -> None:
    grey = picture(8, columns=82)
    pairs = grey.reshape(-1, 2)
    shared = np.column_stack([pairs, np.full((len(pairs), 2), 128, np.uint8)]).astype(np.uint8)
    pixels = np.stack([grey] * 3, axis=-1)
    data = written(pixels, 8, PhotometricInterpretation="YBR_FULL_422", PixelData=shared.tobytes())
    np.testing.assert_array_equal(stored_values(data), grey)


def test_a_grey_palette() -> None:
    codes = picture(8)
    entries = (np.arange(256) * 257)[::-1].astype("<u2")
    palette: dict[str, Any] = {"PhotometricInterpretation": "PALETTE COLOR"}
    for colour in ("Red", "Green", "Blue"):
        palette[f"{colour}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        palette[f"{colour}PaletteColorLookupTableData"] = entries.tobytes()
    np.testing.assert_array_equal(stored_values(written(codes, 8, **palette)), entries[codes])
    palette["BluePaletteColorLookupTableData"] = entries[::-1].tobytes()
    with pytest.raises(NotReadable) as caught:
        stored_values(written(codes, 8, **palette))
    assert caught.value.code == RefusalCode.NOT_RADIOGRAPH


def test_a_colour_image_is_no_radiograph() -> None:
    samples = np.stack([picture(8)] * 3, axis=-1)
    samples[30, 40] = (200, 40, 40)  # one red pixel, as of a marker or an overlay
    with pytest.raises(NotReadable) as caught:
        Radiograph.from_dicom(written(samples, 8))
    assert caught.value.code == RefusalCode.NOT_RADIOGRAPH


def test_the_samples_are_what_pydicom_decodes(tmp_path: Path) -> None:
    # The helper of this file against a second reader of native pixel data
    pixels = picture(12, signed=True)
    (tmp_path / "a.dcm").write_bytes(written(pixels, 12))
    np.testing.assert_array_equal(dcmread(tmp_path / "a.dcm").pixel_array, pixels)
