"""Files whose pixels can't be: sizes, bits, tables, and what inflates."""

import io
import zlib

from PIL import Image

from tests.hostile.fragments import encapsulated
from tests.hostile.writing import DATA_SET, GOOD, PIXELS, Hostile, Named, element, file_of, sequence, written

_MIB = 2**20


def pixel_module() -> Named:
    claims: dict[str, tuple[dict[str, object], str]] = {
        "65535 x 65535": ({"Rows": 65535, "Columns": 65535}, "too-large"),
        "65535 x 1": ({"Rows": 65535, "Columns": 1}, "too-large"),
        "8192 x 8192, without the bytes": ({"Rows": 8192, "Columns": 8192}, "corrupt"),
        "no rows": ({"Rows": 0}, "corrupt"),
        "frames: 2 billion": ({"NumberOfFrames": "2147483647"}, "too-large"),
        "frames: infinite": ({"NumberOfFrames": "1e400"}, "corrupt"),
        "frames: no number": ({"NumberOfFrames": "nan"}, "corrupt"),
        "frames: less than none": ({"NumberOfFrames": "-1"}, "corrupt"),
        "frames: a long number": ({"NumberOfFrames": "9" * 300}, "too-large"),
        "bits: 0": ({"BitsAllocated": 0, "BitsStored": 0, "HighBit": 0}, "unsupported-syntax"),
        "bits: 7": ({"BitsAllocated": 7}, "unsupported-syntax"),
        "bits: 64": ({"BitsAllocated": 64}, "unsupported-syntax"),
        "bits: 65535": ({"BitsAllocated": 65535, "BitsStored": 65535, "HighBit": 65534}, "unsupported-syntax"),
        "stored: none": ({"BitsStored": 0}, "corrupt"),
        "stored: more than allocated": ({"BitsStored": 16}, "corrupt"),
        "high bit: out of the cell": ({"HighBit": 65535}, "corrupt"),
        "samples: 0": ({"SamplesPerPixel": 0}, "corrupt"),
        "samples: 65535": ({"SamplesPerPixel": 65535}, "corrupt"),
        "palette without one": ({"PhotometricInterpretation": "PALETTE COLOR"}, "corrupt"),
        "subsampled, odd columns": (
            {
                "PhotometricInterpretation": "YBR_FULL_422",
                "SamplesPerPixel": 3,
                "Columns": 3,
                "Rows": 3,
                "PixelData": bytes(18),
            },
            "corrupt",
        ),
        "slope: infinite": ({"RescaleSlope": "1e400"}, "corrupt"),
        "intercept: huge": ({"RescaleIntercept": "1e300"}, "corrupt"),
        "window: infinite": ({"WindowCenter": "inf", "WindowWidth": "1e308"}, "read"),
        "window: less than none": ({"WindowCenter": "1", "WindowWidth": "-5"}, "read"),
        "spacing: nothing": ({"PixelSpacing": ["0", "0"]}, "read"),
        "spacing: infinite": ({"PixelSpacing": ["1e400", "nan"]}, "read"),
        "age: a digit that is none": ({"PatientAge": b"0\xb2Y "}, "read"),
    }
    for name, (claim, answer) in claims.items():
        yield name, Hostile(written(**claim), answer)


def _lut(descriptor: list[int], data: bytes) -> bytes:
    return sequence(LUTDescriptor=descriptor, LUTData=data)


def tables() -> Named:
    luts = {
        "shorter than it says": ([256, 0, 8], bytes(100), "corrupt"),
        "65536 entries, none there": ([0, 0, 16], b"", "corrupt"),
        "no bits": ([256, 0, 0], bytes(256), "corrupt"),
        "255 bits": ([256, 0, 255], bytes(256), "corrupt"),
        "two numbers": ([256, 0], bytes(256), "corrupt"),
        "first value out of range": ([256, 65535, 8], bytes(256), "read"),
        "one entry": ([1, 0, 8], bytes(2), "read"),
    }
    for keyword in ("ModalityLUTSequence", "VOILUTSequence", "PresentationLUTSequence"):
        for name, (descriptor, data, answer) in luts.items():
            yield f"{keyword}: {name}", Hostile(written(**{keyword: _lut(descriptor, data)}), answer)
    palettes = {
        "empty": ([256, 0, 8], b"", "unsupported-syntax"),
        "short": ([256, 0, 8], bytes(99), "unsupported-syntax"),
        "two entries, indexes beyond": ([2, 0, 8], b"\0\xff", "read"),
        "begins behind all": ([256, 65535, 16], bytes(512), "read"),
        "12 bits": ([256, 0, 12], bytes(512), "corrupt"),
    }
    for name, (descriptor, data, answer) in palettes.items():
        table = {
            f"{colour}PaletteColorLookupTable{what}": given
            for colour in ("Red", "Green", "Blue")
            for what, given in (("Descriptor", descriptor), ("Data", data))
        }
        yield f"palette: {name}", Hostile(written(PhotometricInterpretation="PALETTE COLOR", **table), answer)


def deflated(data_set: bytes) -> bytes:
    pack = zlib.compressobj(9, wbits=-15)
    return file_of(pack.compress(data_set) + pack.flush(), "1.2.840.10008.1.2.1.99")


def bombs() -> Named:
    yield "deflate: 300 MB in 300 kB", Hostile(deflated(element(0x00080005, b"UT", bytes(300 * _MIB))), "too-large")
    yield "deflate: not deflated", Hostile(file_of(GOOD, "1.2.840.10008.1.2.1.99"), "corrupt")
    yield "deflate: zlib's header", Hostile(file_of(zlib.compress(DATA_SET), "1.2.840.10008.1.2.1.99"), "corrupt")
    yield "JPEG: 20,000 scans", Hostile(encapsulated("JPEG", [scans(20_000)]), "corrupt")
    yield "JPEG file: 20,000 scans", Hostile(scans(20_000), "corrupt")


def scans(count: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again: each costs a pass over all pixels."""
    file = io.BytesIO()
    Image.fromarray(PIXELS).save(file, "JPEG", progressive=True)
    whole = file.getvalue()
    return whole[:-2] + whole[whole.rindex(b"\xff\xda") : -2] * count + whole[-2:]
