"""Which studies of an archive are priors of a study, and which of their series are chest radiographs."""

from collections.abc import Iterable
from dataclasses import dataclass

from serving.priors.identity import Person, is_same

_RADIOGRAPHS = {"CR", "DX"}
_CHEST = ("CHEST", "THORAX")


@dataclass(frozen=True, kw_only=True)
class Study:
    """A study as an archive, or our own store, knows it."""

    study_instance_uid: str
    person: Person
    #: DICOM DA and TM; may be empty.
    study_date: str = ""
    study_time: str = ""
    #: Empty: the archive does not say.
    modalities: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Series:
    series_instance_uid: str
    modality: str
    #: Body Part Examined (0018,0015); may be empty.
    body_part: str = ""


def priors_of(study: Study, found: Iterable[Study]) -> list[Study]:
    """Those of ``found`` that are earlier studies of the same person and may hold radiographs, the newest first."""
    earlier = [one for one in found if _is_earlier(one, study) and is_same(one.person, study.person)]
    with_radiographs = [one for one in earlier if not one.modalities or one.modalities & _RADIOGRAPHS]
    return sorted(with_radiographs, key=lambda one: (one.study_date, one.study_time), reverse=True)


def is_chest_radiograph(series: Series) -> bool:
    """What may be one: where no body part is said, its reading will tell."""
    part = series.body_part.upper()
    return series.modality in _RADIOGRAPHS and (not part or any(chest in part for chest in _CHEST))


def _is_earlier(one: Study, study: Study) -> bool:
    """By date, and on the same day by time where both have one; without a date nobody can tell."""
    if one.study_instance_uid == study.study_instance_uid or not one.study_date or not study.study_date:
        return False
    if one.study_date != study.study_date:
        return one.study_date < study.study_date
    return not one.study_time or not study.study_time or one.study_time < study.study_time
