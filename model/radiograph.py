"""One decoded chest radiograph: the only place where pixel values get a meaning."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model import attributes
from model.admission import admit
from model.attributes import SpacingAt, View
from model.decoding import decode
from model.dicom_file import open_file
from model.errors import HilumError, NotReadable, OutOfMemory, RefusalCode
from model.grayscale import plain, to_grayscale
from model.image_file import decode_image, is_image_file
from model.image_pixel import image_pixel
from model.limits import DEFAULT_LIMITS, Limits


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
    #: The plane where the spacing is true: "patient", or "detector", where the patient appears magnified by the
    #: geometry; None: not known.
    spacing_at: SpacingAt | None = None
    #: Height of a pixel by its width. Known also where the spacing is not.
    pixel_aspect_ratio: float = 1.0
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
    def from_dicom(cls, data: bytes, *, frame: int = 0, limits: Limits = DEFAULT_LIMITS) -> "Radiograph":
        """Decode one DICOM file (PS3.10), or a bare data set without file meta information.

        A lateral is decoded too, with its ``view``: whether it is read is the reader's affair.

        Raises:
            NotReadable: with the code that says why.
        """
        with _only_our_errors():
            limits.check_bytes(len(data))
            file = open_file(data, limits.max_bytes)
            elements = file.elements
            admit(elements)
            if file.pixel_data is None:
                words = "Pixel Data (7FE0,0010) must be present. Send the image itself."
                raise NotReadable(RefusalCode.NOT_RADIOGRAPH, words)
            pixels, steps = to_grayscale(decode(file, image_pixel(elements, limits), frame), elements)
            pixel_spacing, spacing_at = attributes.pixel_spacing(elements)
            return cls(
                pixels=pixels,
                pixel_spacing=pixel_spacing,
                spacing_at=spacing_at,
                pixel_aspect_ratio=attributes.pixel_aspect_ratio(elements),
                view=attributes.view(elements),
                patient_orientation=attributes.patient_orientation(elements),
                patient_age=attributes.patient_age(elements),
                burned_in_annotation=attributes.burned_in_annotation(elements),
                sop_instance_uid=elements.text("SOPInstanceUID") or None,
                series_instance_uid=elements.text("SeriesInstanceUID") or None,
                study_instance_uid=elements.text("StudyInstanceUID") or None,
                steps=steps,
            )

    @classmethod
    def from_image(cls, data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> "Radiograph":
        """Decode a PNG or JPEG file, 8 or 16 bits, for researchers.

        Raises:
            NotReadable: with the code that says why.
        """
        with _only_our_errors():
            pixels, steps = plain(decode_image(data, limits))
            return cls(pixels=pixels, steps=steps)

    @classmethod
    def from_bytes(cls, data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> "Radiograph":
        """Decode a file of either kind, told apart by its first bytes.

        Raises:
            NotReadable: with the code that says why.
        """
        return (cls.from_image if is_image_file(data) else cls.from_dicom)(data, limits=limits)


@contextmanager
def _only_our_errors() -> Iterator[None]:
    """No exception type other than ours leaves. The input is hostile and the decoders are many, each with its own."""
    try:
        yield
    except HilumError:
        raise
    except MemoryError as error:
        raise OutOfMemory("There is not enough memory to decode this file now. Try again later.") from error
    except Exception as error:
        words = f"The file must be whole and agree with itself, and could not be decoded ({type(error).__name__})."
        raise NotReadable(RefusalCode.CORRUPT, f"{words} Send it again from its source.") from error
