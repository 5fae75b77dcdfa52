"""One decoded chest radiograph: the only place where pixel values get a meaning."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from model.decoding import decode, layout
from model.dicom_file import open_file
from model.errors import NotReadable, RefusalCode
from model.grayscale import to_grayscale

View = Literal["PA", "AP", "lateral", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is refused before memory is taken for it."""

    max_bytes: int = 256 * 2**20
    max_rows: int = 8192
    max_columns: int = 8192
    max_frames: int = 16


@dataclass(frozen=True, kw_only=True, eq=False)
class Radiograph:
    """One decoded chest image.

    ``pixels`` is float32 (rows, columns), 0..1, bright = dense (bone is near 1, air near 0), as a radiologist sees
    the image with its own window; padding is 0. The grid is the one stored in the file: nothing is turned or
    mirrored, so that a heatmap on it lies right in any viewer.
    """

    pixels: NDArray[np.float32]
    #: Millimetres (row spacing, column spacing), or None when the file does not say.
    pixel_spacing: tuple[float, float] | None = None
    #: "patient": Pixel Spacing; "detector": Imager Pixel Spacing, magnified by the geometry; None: not known.
    spacing_at: Literal["patient", "detector"] | None = None
    view: View = "unknown"
    #: Patient Orientation (0020,0020): directions of the rows and of the columns, e.g. ("L", "F").
    patient_orientation: tuple[str, str] | None = None
    #: Years.
    patient_age: float | None = None
    #: Burned In Annotation (0028,0301); None when the file does not say.
    burned_in_annotation: bool | None = None
    sop_instance_uid: str | None = None
    series_instance_uid: str | None = None
    study_instance_uid: str | None = None
    #: What was done from stored values to ``pixels``, in order, in words.
    steps: tuple[str, ...] = ()

    @classmethod
    def from_dicom(cls, data: bytes, *, frame: int = 0, limits: Limits = Limits()) -> "Radiograph":
        """Decode one DICOM file (PS3.10), or a bare data set without file meta information.

        Raises:
            NotReadable: with the code that says why.
        """
        file = open_file(data, limits.max_bytes)
        if file.pixel_data is None:
            raise NotReadable(RefusalCode.NOT_RADIOGRAPH, "Pixel Data (7FE0,0010) must be present. Send the image.")
        stored = decode(file, layout(file.elements), frame)
        pixels, steps = to_grayscale(stored, file.elements)
        position = file.elements.text(0x00185101)
        return cls(
            pixels=pixels,
            steps=steps,
            view=position if position in ("PA", "AP") else "unknown",
            sop_instance_uid=file.elements.text(0x00080018) or None,
            study_instance_uid=file.elements.text(0x0020000D) or None,
            series_instance_uid=file.elements.text(0x0020000E) or None,
        )

    @classmethod
    def from_image(cls, data: bytes, *, limits: Limits = Limits()) -> "Radiograph":
        """Decode a PNG or JPEG file, 8 or 16 bits, for researchers.

        Raises:
            NotReadable: with the code that says why.
        """
        cells = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH)
        if cells is None:
            raise NotReadable(RefusalCode.NOT_DICOM, "The file must be PNG or JPEG.")
        return cls(pixels=(cells / np.float32(np.iinfo(cells.dtype).max)).astype(np.float32))

    @classmethod
    def from_bytes(cls, data: bytes, *, limits: Limits = Limits()) -> "Radiograph":
        """Decode a file of either kind, told apart by its first bytes.

        Raises:
            NotReadable: with the code that says why.
        """
        if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            return cls.from_image(data, limits=limits)
        return cls.from_dicom(data, limits=limits)
