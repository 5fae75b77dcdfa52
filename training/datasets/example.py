"""One labelled radiograph, whatever data set it comes from."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple
from zipfile import ZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from model.radiograph import Radiograph

Split = Literal["train", "val", "test"]


class Box(NamedTuple):
    """Where somebody saw a finding, in pixels of the stored image; ``x`` and ``y`` are the upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def holds(self, row: float, column: float) -> bool:
        return self.x <= column < self.x + self.width and self.y <= row < self.y + self.height


@dataclass(frozen=True, kw_only=True)
class Example:
    """A radiograph and what is known of it."""

    image: str
    #: The folder that holds ``image``, or the ZIP archive that does.
    container: Path
    source: str
    split: Split
    #: Unique over all data sets; the image's own name where the patient is not known.
    patient: str
    #: Finding's name to True (present) or False (absent). A finding that is not here is unknown, not absent.
    labels: dict[str, bool]
    #: Below the age that the reader is meant for; None when nobody says.
    child: bool | None
    #: Rows and columns of the image as it is stored.
    shape: tuple[int, int]
    #: The label is disputed between two annotators.
    disputed: bool = False
    #: "F" or "M"; empty where nobody says.
    sex: str = ""
    #: Years; None where nobody says.
    age: float | None = None
    #: "PA", "AP" or what else the data set calls it; empty where nobody says.
    view: str = ""
    #: By what they are around: a finding's name, or what the data set calls it.
    boxes: dict[str, tuple[Box, ...]] = field(default_factory=dict)

    @property
    def resolution(self) -> int:
        """The longer side in pixels."""
        return max(self.shape)

    def pixels(self) -> NDArray[np.uint8]:
        """The stored image: uint8 (rows, columns), bright = dense; of a DICOM file, as the reader sees it.

        Raises:
            ValueError: if the file is not an image.
            NotReadable: if it is DICOM, and no radiograph that can be decoded.
        """
        if self.container.is_dir():
            data = (self.container / self.image).read_bytes()
        else:
            data = _archive(self.container).read(self.image)
        if self.image.endswith(".dcm"):
            return np.asarray(np.rint(Radiograph.from_dicom(data).pixels * 255), dtype=np.uint8)
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        if decoded is None:
            msg = f"'{self.image}' in '{self.container}' must be an image that OpenCV reads."
            raise ValueError(msg)
        return np.asarray(decoded, dtype=np.uint8)


@cache
def _archive(path: Path) -> ZipFile:
    """Opened once: reading the directory of an archive costs far more than reading an image."""
    return ZipFile(path)


def targets(example: Example, findings: tuple[str, ...]) -> NDArray[np.float32]:
    """float32 (findings,): 1 present, 0 absent, NaN unknown."""
    known = {True: 1.0, False: 0.0, None: np.nan}
    return np.array([known[example.labels.get(finding)] for finding in findings], dtype=np.float32)
