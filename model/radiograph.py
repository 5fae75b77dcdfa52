"""One decoded chest radiograph: the only place where pixel values get a meaning."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

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
        raise NotImplementedError

    @classmethod
    def from_image(cls, data: bytes, *, limits: Limits = Limits()) -> "Radiograph":
        """Decode a PNG or JPEG file, 8 or 16 bits, for researchers.

        Raises:
            NotReadable: with the code that says why.
        """
        raise NotImplementedError

    @classmethod
    def from_bytes(cls, data: bytes, *, limits: Limits = Limits()) -> "Radiograph":
        """Decode a file of either kind, told apart by its first bytes.

        Raises:
            NotReadable: with the code that says why.
        """
        raise NotImplementedError
