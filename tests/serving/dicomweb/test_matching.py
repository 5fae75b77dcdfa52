"""How a search compares an attribute with a value (PS3.4, C.2.2.2)."""

import pytest

from serving.dicomweb.matching import condition
from serving.dicomweb.search_parameters import FUZZY, parse, searched
from serving.problems import Problem
from serving.searchable import INSIDE
from serving.store.searches import Condition, How, Level

ANY, LIKE, BETWEEN, NUMBER = How.ANY, How.LIKE, How.BETWEEN, How.NUMBER


@pytest.mark.parametrize(
    ("keyword", "text", "how", "values"),
    [
        ("StudyInstanceUID", "1.2", ANY, ("1.2",)),
        ("StudyInstanceUID", "1.2,1.3\\1.4", ANY, ("1.2", "1.3", "1.4")),
        ("Modality", "CR", ANY, ("CR",)),
        ("Modality", "CR,DX", ANY, ("CR", "DX")),
        ("Modality", "C?", LIKE, ("C_",)),
        ("StudyDate", "20260102", BETWEEN, ("20260102", "20260102")),
        ("StudyDate", "20260102-20260201", BETWEEN, ("20260102", "20260201")),
        ("StudyDate", "20260102-", BETWEEN, ("20260102", "")),
        ("StudyDate", "-20260102", BETWEEN, ("", "20260102")),
        ("StudyTime", "10", BETWEEN, ("10", "105959.999999")),  # all of the hour
        ("StudyTime", "1015-101530", BETWEEN, ("1015", "101530.999999")),
        ("StudyTime", "10:15-", BETWEEN, ("1015", "")),
        ("PatientID", "P-1", ANY, ("P-1",)),
        ("PatientID", "P-*", LIKE, ("P-%",)),
        ("PatientID", "100%_\\*", LIKE, ("100\\%\\_\\\\%",)),  # what LIKE means by these is not meant here
        ("PatientName", "Nguyễn^Đức", LIKE, ("%=nguyen^duc=%",)),
        ("PatientName", "Nguyễn^Đức^^", LIKE, ("%=nguyen^duc=%",)),  # empty components at the end do not count
        ("PatientName", "NGUY?N*", LIKE, ("%=nguy_n%=%",)),
        ("PatientName", "Yamada^Tarou=山田^太郎", LIKE, ("%=yamada^tarou=山田^太郎=%",)),
        ("PatientName", "=山田*", LIKE, ("%=山田%=%",)),
        ("SeriesNumber", "2", NUMBER, ("2",)),
        ("PatientAge", "050Y", ANY, ("050Y",)),
    ],
)
def test_a_value_is_compared_as_its_representation_asks(
    keyword: str, text: str, how: How, values: tuple[str, ...]
) -> None:
    assert condition(keyword, None, text) == Condition(keyword=keyword, how=how, values=values)


@pytest.mark.parametrize("text", ["", "*", "**", " ", "\0"])
def test_every_value_will_do(text: str) -> None:
    assert condition("PatientName", None, text) is None


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("StudyDate", "yesterday"),
        ("StudyDate", "2026-01-02"),
        ("StudyDate", "-"),
        ("StudyDate", "2026*"),
        ("StudyDate", "20260102-20260103-"),
        ("StudyTime", "2500"),
        ("StudyInstanceUID", "1.2.*"),
        ("StudyInstanceUID", "1.2,"),
        ("SeriesNumber", "two"),
        ("SeriesNumber", "9" * 99),
        ("PatientName", "^="),
    ],
)
def test_what_is_no_value_is_malformed(keyword: str, text: str) -> None:
    with pytest.raises(Problem) as refused:
        condition(keyword, None, text)
    assert refused.value.status == 400
    assert text not in refused.value.detail.replace("a-b, a-, -b", "")


def test_attributes_go_by_keyword_or_tag_and_those_in_a_sequence_by_both() -> None:
    name = "RequestAttributesSequence.RequestedProcedureID"
    expected = Condition(
        keyword="RequestAttributesSequence", inside="RequestedProcedureID", how=ANY, values=("X",)
    )  # fmt: skip
    for written in (name, "00400275.00401001", "RequestAttributesSequence.00401001"):
        assert parse(Level.SERIES, [(written, "X")]).conditions == [expected]


def test_what_else_is_asked_is_taken_apart() -> None:
    found = parse(
        Level.STUDY,
        [
            *(
                ("limit", "5"),
                ("offset", "10"),
                ("includefield", "00081030,PatientAge"),
                ("includefield", "PatientSex"),
            ),
            *(("fuzzymatching", "true"), ("PatientName", "*")),
        ],
    )
    assert (found.limit, found.offset, found.include_all, found.warnings) == (5, 10, False, (FUZZY,))
    assert found.included == {"StudyDescription", "PatientAge", "PatientSex", "PatientName"}
    assert parse(Level.STUDY, [("includefield", "all")]).include_all


@pytest.mark.parametrize(
    ("level", "name", "text"),
    [
        (Level.STUDY, "NoSuchAttribute", "1"),
        (Level.STUDY, "DEADBEEF", "1"),
        (Level.STUDY, "Modality", "DX"),  # of a series
        (Level.STUDY, "PixelSpacing", "1"),
        (Level.SERIES, "RequestAttributesSequence", "1"),
        (Level.SERIES, "RequestAttributesSequence.StudyID", "1"),
        (Level.SERIES, "StudyDate.StudyID", "1"),
        (Level.STUDY, "limit", "-1"),
        (Level.STUDY, "limit", "many"),
        (Level.STUDY, "offset", "9" * 30),
        (Level.STUDY, "fuzzymatching", "perhaps"),
        (Level.STUDY, "emptyvaluematching", "true"),
        (Level.STUDY, "includefield", "nothing"),
    ],
)
def test_what_cannot_be_asked_is_malformed(level: Level, name: str, text: str) -> None:
    with pytest.raises(Problem) as refused:
        parse(level, [(name, text)])
    assert refused.value.status == 400


def test_one_parameter_with_two_values_is_malformed() -> None:
    with pytest.raises(Problem):
        parse(Level.STUDY, [("PatientID", "1"), ("PatientID", "2")])


@pytest.mark.parametrize("level", Level)
def test_every_attribute_can_be_searched_for(level: Level) -> None:
    values = {"UI": "1", "DA": "20260101", "TM": "10", "IS": "1", "DS": "1", "US": "1"}
    from serving.searchable import vr_of

    for keyword in searched(level):
        if keyword in INSIDE:
            continue
        assert parse(level, [(keyword, values.get(vr_of(keyword), "x"))]).conditions
