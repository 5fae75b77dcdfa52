"""A small parcel to send, and a sender by its URL."""

from collections.abc import Iterator, Sequence

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from serving.destinations import make_destination
from serving.presentations.documents import Document
from serving.presentations.kinds import KINDS
from serving.senders.sender import Parcel, Sender
from serving.settings import Settings


def sender(url: str, secret: str | None = None, **settings: str) -> Sender:
    return make_destination("d", {"url": url}, Settings(**settings), secret=secret).sender  # type: ignore[arg-type]


def parcel(size: int = 10) -> Parcel:
    """One instance of each kind, 1.2.1, 1.2.2, ..., with so many bytes of text."""

    def instances(kinds: Sequence[str]) -> Iterator[Dataset]:
        return (_instance(kind, f"1.2.{number}", size) for number, kind in enumerate(kinds, 1))

    def made(kind: str) -> Document:
        return Document(uid="2.25.7", kind=KINDS[kind], body=b"{}")

    return Parcel(uid="2.25.7", document=made, instances=instances)


def _instance(kind: str, uid: str, size: int) -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = KINDS[kind].sop_class_uid, uid
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.PatientID = "1.3", f"1.4.{uid}", "P-1"
    dataset.TextValue = "x" * size
    return dataset
