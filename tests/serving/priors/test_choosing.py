"""Who is the same person, what is an earlier study, what may be a chest radiograph: tables."""

from dataclasses import replace

import pytest

from serving.priors.choosing import Series, Study, is_chest_radiograph, priors_of
from serving.priors.identity import Person, is_same

AN = Person(patient_id="P-1", issuer="BV", birth_date="19600101", name="Nguyễn^Văn An")


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (AN, True),
        (replace(AN, name="NGUYEN^VAN AN"), True),  # without case and diacritics
        (replace(AN, name="Nguyễn An"), True),  # as people write it, without the middle name
        (replace(AN, name=""), True),
        (replace(AN, birth_date=""), True),
        (replace(AN, issuer=""), True),
        (replace(AN, patient_id="P-2"), False),
        (replace(AN, patient_id="P-1 "), False),
        (replace(AN, birth_date="19600102"), False),
        (replace(AN, issuer="OTHER"), False),
        (replace(AN, name="Trần^Văn An"), False),
        (replace(AN, name="Nguyễn^Văn Bình"), False),
    ],
)
def test_the_same_person_is_one_whom_nothing_contradicts(other: Person, same: bool) -> None:
    assert is_same(AN, other) == is_same(other, AN) == same


def test_without_an_id_nobody_is_the_same() -> None:
    assert not is_same(replace(AN, patient_id=""), replace(AN, patient_id=""))


def test_a_person_is_never_printed() -> None:
    assert "An" not in repr(Study(study_instance_uid="1.2", person=AN))


def study(uid: str, date: str, time: str = "", modalities: str = "", person: Person = AN) -> Study:
    return Study(
        study_instance_uid=uid,
        person=person,
        study_date=date,
        study_time=time,
        modalities=frozenset(modalities.split()),
    )


def test_priors_are_earlier_studies_of_the_person_with_radiographs_the_newest_first() -> None:
    now = study("1", "20260102", "1200")
    found = [
        study("1", "20250101"),  # the study itself, whatever date it says there
        study("2", "20240101"),
        study("3", "20251231", modalities="DX SR"),
        study("4", "20260102", "0800"),  # the same morning
        study("5", "20260102", "1300"),  # the same afternoon
        study("6", "20260102"),  # the same day, nobody knows when
        study("7", "20260103"),
        study("8", "20250601", modalities="CT"),
        study("9", ""),
        study("10", "20250601", person=replace(AN, birth_date="20000101")),
    ]
    assert [one.study_instance_uid for one in priors_of(now, found)] == ["4", "6", "3", "2"]
    assert priors_of(study("1", ""), found) == []


@pytest.mark.parametrize(
    ("modality", "body_part", "may_be"),
    [
        ("DX", "CHEST", True),
        ("CR", "", True),  # nobody says: its reading will tell
        ("DX", "Thorax PA", True),
        ("DX", "HAND", False),
        ("CT", "CHEST", False),
        ("SR", "", False),
    ],
)
def test_a_chest_radiograph_is_told_by_its_series(modality: str, body_part: str, may_be: bool) -> None:
    assert is_chest_radiograph(Series(series_instance_uid="1", modality=modality, body_part=body_part)) == may_be
