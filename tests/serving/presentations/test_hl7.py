"""HL7 v2, read back by hl7apy as strictly as it can."""

from typing import Any

import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.core import Message
from hl7apy.parser import parse_message

from serving.presentations.documents import document
from serving.presentations.review import Review
from tests.fakes import STUB_FINDINGS
from tests.serving.presentations.completions import LATERAL, completion, outcomes
from tests.serving.presentations.reviews import COMMENT, said

#: Verdict, laterality and zone.
ABOUT_FINDINGS = {"verdict", "272741003", "lung-zone"}
UNESCAPED = {"\\F\\": "|", "\\S\\": "^", "\\T\\": "&", "\\R\\": "~", "\\E\\": "\\"}


def sent(names: tuple[str, ...] = ("effusion_pa",), row: dict[str, Any] | None = None, **review: Any) -> Message:
    """The message, valid, as it is parsed."""
    its_review = Review.of(said(**review), "Radiologist") if review else None
    one = document("oru", row or completion(), outcomes(names), its_review)
    assert one
    parsed = parse_message(one.body.decode(), validation_level=VALIDATION_LEVEL.STRICT, find_groups=True)
    parsed.validate()
    return parsed


def orders(parsed: Message) -> list[Any]:
    return list(parsed.oru_r01_patient_result.oru_r01_order_observation)


def observations(order: Any) -> list[Any]:
    return [group.obx for group in order.oru_r01_observation]


def codes(order: Any) -> dict[str, tuple[str, str, str]]:
    """Of its findings: the code to value, flag and status."""
    found = [obx for obx in observations(order) if obx.obx_4.value and obx.obx_3.obx_3_1.value not in ABOUT_FINDINGS]
    return {o.obx_3.obx_3_1.value: (o.obx_5.value, o.obx_8.value, o.obx_11.value) for o in found}


def text(value: str) -> str:
    for escape, plain in UNESCAPED.items():
        value = value.replace(escape, plain)
    return value


def test_each_finding_is_a_number_with_its_limit_and_flag() -> None:
    (order,) = orders(sent())
    assert order.obr.obr_25.value == "P"
    seen = codes(order)
    assert len(seen) == len(STUB_FINDINGS)
    assert seen["60046008"] == ("0.81", "A", "P")
    assert seen["36118008"] == ("0.03", "N", "P")
    effusion = next(o for o in observations(order) if o.obx_3.obx_3_1.value == "60046008")
    assert (effusion.obx_2.value, effusion.obx_7.value, effusion.obx_3.value) == (
        "NM", "<0.35", "60046008^Pleural effusion^SCT",
    )  # fmt: skip
    assert "not verified" in order.nte[0].nte_3.value


def test_names_are_in_the_order_of_hl7_and_what_would_separate_is_escaped() -> None:
    parsed = sent()
    pid = parsed.oru_r01_patient_result.oru_r01_patient.pid
    assert pid.pid_5.value == "Nguyễn^Thị Ánh^Đào^Jr^BS^^L"  # suffix before prefix
    assert text(pid.pid_3.pid_3_1.value) == "BN|Đ^1&\\~"
    assert (pid.pid_7.value, pid.pid_8.value) == ("19700401", "F")
    assert text(orders(parsed)[0].obr.obr_18.value) == "ACC^7"
    assert parsed.msh.msh_18.value == "UNICODE UTF-8"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"patient_name": "山田^太郎"}, "山田^太郎^^^^^L"),
        ({"patient_name": "=山田^太郎=やまだ^たろう"}, "山田^太郎^^^^^L"),
        ({"patient_name": "", "patient_id": ""}, "^^^^^^U"),
        ({"patient_name": "A\rOBX|1||evil"}, "A OBX\\F\\1\\F\\\\F\\evil^^^^^^L"),  # no way to begin a segment
    ],
)
def test_any_name_is_one_name(changes: dict[str, Any], name: str) -> None:
    assert sent(row=completion(**changes)).oru_r01_patient_result.oru_r01_patient.pid.pid_5.value == name


@pytest.mark.parametrize(
    ("review", "status"),
    [
        ({"signed_off": True}, "F"),
        ({"signed_off": True, "amends": True}, "C"),
        ({"signed_off": False, "amends": True}, "C"),  # else a receiver would keep what is final
    ],
)
def test_a_review_changes_the_status(review: dict[str, Any], status: str) -> None:
    (order,) = orders(sent(**review))
    assert order.obr.obr_25.value == status
    assert {obx.obx_11.value for obx in observations(order)} == {status}
    assert ("not verified" in order.nte[0].nte_3.value) == (not review["signed_off"])
    assert (COMMENT in [note.nte_3.value for note in order.nte]) == review["signed_off"]


def test_a_reviewed_finding_has_the_reviewers_flag_and_verdict() -> None:
    (order,) = orders(sent(number=2, formerly_added=["Mass"]))
    seen = codes(order)
    assert seen["8186001"] == ("0.64", "N", "F")  # rejected; the reader's probability stays
    assert seen["427359005"] == ("0.11", "A", "F")  # added
    assert seen["33737001"] == ("52101004^Present^SCT", "A", "F")  # added; the reader does not look for it
    assert seen["309529002"] == ("", "", "D")  # a former review added it, this one does not
    verdicts = [o.obx_5.obx_5_1.value for o in observations(order) if o.obx_3.obx_3_1.value == "verdict"]
    assert verdicts == ["rejected", "corrected", "added", "added"]


def test_a_refusal_has_no_result() -> None:
    refused, read = orders(sent((LATERAL, "effusion_pa")))
    (obx,) = (o for o in observations(refused) if o.obx_3.obx_3_1.value == "not-read")
    assert (obx.obx_5.obx_5_1.value, obx.obx_11.value) == ("not-chest", "X")
    assert not codes(refused)
    assert codes(read)


def test_the_same_again_has_the_same_control_id_and_another_version_another_one() -> None:
    first, again, other = (sent(row=completion(number=n)).msh.msh_10.value for n in (1, 1, 2))
    assert first == again != other
    assert len(first) == 20


def test_side_zone_and_ratio_are_told_where_the_reading_has_them() -> None:
    rows = outcomes()
    rows[0]["document"]["findings"][1] |= {"side": "left", "zone": "upper"}
    rows[0]["document"]["cardiothoracic_ratio"] = {"value": 0.5, "error": [-0.1, 0.1]}
    one = document("oru", completion(), rows, None)
    assert one
    lines = one.body.decode().split("\r")
    assert any("|272741003^Laterality^SCT|2|7771000^Left^SCT|" in line for line in lines)
    assert any("|lung-zone^Lung zone^99HILUM|2|upper-lung-zone^Upper zone of lung^99HILUM|" in line for line in lines)
    assert any("|cardiothoracic-ratio^Cardiothoracic ratio^99HILUM||0.5|" in line for line in lines)


def test_there_is_no_message_without_a_radiograph() -> None:
    assert document("oru", completion(superseded=[1]), outcomes(), None) is None
