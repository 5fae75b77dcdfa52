"""Whether two studies are of the same person: by the patient's ID, unless something contradicts it."""

from dataclasses import dataclass

from serving.characters import fold, readable_name


@dataclass(frozen=True, kw_only=True, repr=False)
class Person:
    """Who a header says it is; what it does not say is empty. Never printed."""

    patient_id: str
    issuer: str = ""
    #: DICOM DA.
    birth_date: str = ""
    #: A Person Name (PS3.5, 6.2.1), or as people write it.
    name: str = ""

    @property
    def words(self) -> frozenset[str]:
        return frozenset(fold(readable_name(self.name)).split())


def is_same(one: Person, other: Person) -> bool:
    """The same ID, of the same issuer and birth date where both say so, and a name that fits.

    A name fits when the words of one are all in the other: a middle name may be missing, but no other may stand there.
    """
    if not one.patient_id or one.patient_id != other.patient_id:
        return False
    said = ((one.issuer, other.issuer), (one.birth_date, other.birth_date))
    if any(here and there and here != there for here, there in said):
        return False
    fewer, more = sorted((one.words, other.words), key=len)
    return fewer <= more
