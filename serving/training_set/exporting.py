"""From the store to a folder: each radiograph whose newest review is signed off, once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from model.errors import Misconfigured, NotReadable
from model.image_file import is_image_file
from model.limits import Limits
from model.radiograph import Radiograph
from serving.store import audit, reviews
from serving.store.kept import content
from serving.store.store import Store
from serving.training_set.deidentified import OLDEST, deidentified
from serving.training_set.pseudonyms import Pseudonyms
from serving.training_set.said import said
from serving.training_set.tables import Row, write_tables
from serving.who import service

#: What the file says of patient data in its pixels, from the safest on.
BurnedIn = Literal["no", "unknown", "yes"]
_RISK: tuple[BurnedIn, ...] = ("no", "unknown", "yes")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which reviews become the set."""

    dataset: str = "reviewed"
    #: Aware; reviews at or after it.
    since: datetime | None = None
    #: Roles of the accounts of reviewers; none: all, also of reviewers without an account.
    roles: Sequence[str] = ()
    #: The worst that is taken.
    burned_in: BurnedIn = "no"
    most_bytes: int = 256 * 2**20


@dataclass(frozen=True)
class Exported:
    taken: int
    #: Why radiographs were left out, and how many.
    left_out: Mapping[str, int]

    def words(self) -> str:
        """For a person."""
        out = "".join(f"\n{count} left out: {reason}" for reason, count in sorted(self.left_out.items()))
        return f"{self.taken} radiographs.{out}"


class _LeftOut(Exception):
    """The radiograph does not become part of the set; the words say why and name nobody."""


def export(store: Store, folder: Path, names: Pseudonyms, wanted: Wanted) -> Exported:
    """Write the set into ``folder``, which must be empty or not there.

    Raises:
        Misconfigured: when it is not.
        Unavailable: when the database or the object store cannot be asked.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Misconfigured("FOLDER must be empty: two exports in one folder would be one set with two meanings.")
    (folder / "images").mkdir(parents=True, exist_ok=True)
    rows, left_out = [], Counter[str]()
    for signed in reviews.signed_off(store, wanted.since, wanted.roles):
        try:
            rows.append(_write(store, folder, names, wanted, signed))
        except _LeftOut as reason:
            left_out[str(reason)] += 1
    write_tables(folder, rows, wanted.dataset)
    exported = Exported(len(rows), left_out)
    who, counted = service("export-reviews"), {"radiographs": len(rows)}
    audit.note_alone(store, audit.Act(who=who, action=audit.Action.REVIEWS_EXPORTED, details=counted))
    return exported


def _write(store: Store, folder: Path, names: Pseudonyms, wanted: Wanted, signed: Mapping[str, Any]) -> Row:
    told = said(signed["document"], signed["review"])
    if not told.labels:
        raise _LeftOut("nothing is said of any finding")
    radiograph, data = _radiograph(store, signed["content_hash"], wanted.most_bytes)
    burned_in = {True: "yes", False: "no", None: "unknown"}[radiograph.burned_in_annotation]
    if _RISK.index(burned_in) > _RISK.index(wanted.burned_in):
        raise _LeftOut(
            f"Burned In Annotation is {burned_in}: names may stand in its pixels (--burned-in {burned_in} takes it)"
        )
    patient = names.name("patient", signed["patient_key"])
    age = radiograph.patient_age
    try:
        made = deidentified(data, names, patient, age, wanted.most_bytes)
    except NotReadable as error:
        raise _LeftOut(f"its pixels could not be written: {error.code}") from None
    image = f"images/{names.name('image', signed['sop_instance_uid'])}.dcm"
    (folder / image).write_bytes(made)
    rows, columns = radiograph.pixels.shape
    return Row(
        image=image,
        split=names.split(patient),
        patient=patient,
        age=None if age is None else min(age, OLDEST),
        shape=(rows, columns),
        said=told,
        reader=signed["reader"],
        state=signed["state"],
        review_number=signed["number"],
        reviewer_role=signed["role"] or "unknown",
        burned_in_annotation=burned_in,
    )


def _radiograph(store: Store, content_hash: str, most_bytes: int) -> tuple[Radiograph, bytes]:
    data = content(store, content_hash)
    if data is None:
        raise _LeftOut("its bytes are gone")
    if is_image_file(data):
        raise _LeftOut("it came as a picture, not as DICOM")
    try:
        return Radiograph.from_dicom(data, limits=Limits(max_bytes=most_bytes)), data
    except NotReadable as error:
        raise _LeftOut(f"its pixels cannot be decoded: {error.code}") from None
