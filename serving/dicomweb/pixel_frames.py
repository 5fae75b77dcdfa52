"""The frames of a file as they are stored: native ones in little endian, compressed ones as their codestreams.

Nothing is decoded here, only found.
"""

from dataclasses import dataclass

from model.dicom_file import DicomFile
from model.elements import Element, Elements, named
from model.encapsulation import frame_bytes
from model.errors import NotReadable, RefusalCode
from serving.dicomweb.explicit import little

Bytes = bytes | memoryview


@dataclass(frozen=True)
class Frames:
    """``count`` frames of a file that has pixel data."""

    file: DicomFile
    pixel_data: Element
    count: int
    compressed: bool

    def stored(self, number: int) -> Bytes:
        """Of frame ``number``, from 1.

        Raises:
            NotReadable: when the pixel data do not reach so far, or frames do not begin on a byte.
        """
        if self.compressed:
            return frame_bytes(self.file.elements.data, self.pixel_data, self.count, number - 1)
        return self._native((number - 1) * self._length, number * self._length)

    def whole(self) -> Bytes:
        """All native frames, one behind the other."""
        return self._native(0, self.pixel_data.end - self.pixel_data.start)

    def _native(self, begin: int, end: int) -> Bytes:
        elements, start = self.file.elements, self.pixel_data.start
        if min(self.pixel_data.end, len(elements.data)) < start + end:
            words = f"Pixel Data (7FE0,0010) must hold {self.count} frames of {self._length} bytes. Send it again."
            raise NotReadable(RefusalCode.CORRUPT, words)
        found = memoryview(elements.data)[start + begin : start + end]
        if elements.encoding.little:
            return found
        return little(bytes(found), self.pixel_data.vr, elements)

    @property
    def _length(self) -> int:
        """Bytes of a native frame. In YBR_FULL_422 two pixels share their chrominance."""
        elements = self.file.elements
        halved = elements.text("PhotometricInterpretation") == "YBR_FULL_422"
        samples = 2 if halved else elements.number("SamplesPerPixel") or 1
        bits = _required(elements, "Rows") * _required(elements, "Columns") * samples
        bits *= _required(elements, "BitsAllocated")
        if bits % 8:
            words = "Frames must begin on a byte to be given one by one. Fetch the whole instance."
            raise NotReadable(RefusalCode.UNSUPPORTED_SYNTAX, words)
        return bits // 8


def frames_of(file: DicomFile) -> Frames | None:
    """The frames of a file; None when it has no pixel data."""
    if file.pixel_data is None:
        return None
    try:
        count = int(next(iter(file.elements.decimals("NumberOfFrames")), 1))
    except (NotReadable, ValueError, OverflowError):
        count = 1
    return Frames(file, file.pixel_data, max(count, 1), compressed=file.pixel_data.undefined_length)


def _required(elements: Elements, keyword: str) -> int:
    value = elements.number(keyword)
    if not value:
        words = f"{named(keyword)} must be present to find a frame. Fetch the whole instance."
        raise NotReadable(RefusalCode.CORRUPT, words)
    return value
