"""What is asked of an archive; one kind of archive a file beside this one."""

from collections.abc import Callable
from typing import Protocol

from serving.priors.choosing import Series, Study

#: Is given each file that was fetched.
Keep = Callable[[bytes], None]


class Archive(Protocol):
    """Each may raise Unavailable: the archive is not there, or does not answer as it must."""

    def check(self) -> str:
        """Whether it is there and would be asked, in words."""
        ...

    def studies(self, patient_id: str, until: str) -> list[Study]:
        """The patient's studies up to this date (DICOM DA)."""
        ...

    def series(self, study_instance_uid: str) -> list[Series]:
        """The series of a study."""
        ...

    def fetch(self, study_instance_uid: str, series_instance_uid: str, keep: Keep) -> None:
        """Have the instances of a series: given to ``keep``, or sent to our receiver."""
        ...
