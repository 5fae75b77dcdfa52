"""Segments lie where the heatmap is, on the stored grid, or where the reviewer drew."""

import numpy as np
import pytest

from model.heatmaps import on_radiograph
from serving.presentations.segmentation import segmentation
from tests.fakes import StubReader
from tests.serving.files import COLUMNS, ROWS, dicom
from tests.serving.presentations.answers import answer_of, sample
from tests.serving.presentations.test_dicom_results import made, read, turned
from tests.serving.presentations.test_review import reviewed


@pytest.mark.parametrize("quarter_turns", [0, 1])
def test_a_segment_is_where_its_heatmap_reaches_a_half(quarter_turns: int) -> None:
    answer = turned(quarter_turns, mirrored=True)
    result = read(made(answer, ["seg"])["seg"])
    frames = result.pixel_array
    assert result.SegmentationType == "BINARY"
    for number, segment in enumerate(result.SegmentSequence):
        finding = segment.TrackingID
        assert (frames[number] == (on_radiograph(answer.heatmaps[finding]) >= 0.5)).all()
        assert segment.SegmentAlgorithmType == "AUTOMATIC"
        (algorithm,) = segment.SegmentationAlgorithmIdentificationSequence
        assert (algorithm.AlgorithmName, algorithm.AlgorithmVersion) == ("hilum-stub", "1.2.3")
    assert [one.SegmentedPropertyTypeCodeSequence[0].CodeValue for one in result.SegmentSequence] == [
        "8186001", "60046008",  # cardiomegaly and effusion; the heatmap of tuberculosis stays below
    ]  # fmt: skip


def test_what_a_reviewer_drew_is_a_segment_by_hand_and_what_they_reject_is_none() -> None:
    missed = [{"finding": "Nodule", "box": {"x": 10.5, "y": 20, "width": 5, "height": 3.2}}]
    document = {"missed": missed, "verdicts": [{"finding": "Effusion", "verdict": "rejected"}]}
    result = read(made(reviewed(answer_of(StubReader(), dicom("1.2.3.1")), document=document), ["seg"])["seg"])
    assert [one.TrackingID for one in result.SegmentSequence] == ["Cardiomegaly", "Nodule"]
    nodule = result.SegmentSequence[1]
    assert nodule.SegmentAlgorithmType == "MANUAL"
    expected = np.zeros((ROWS, COLUMNS), np.uint8)
    expected[20:24, 10:16] = 1  # every pixel that the box touches
    assert (result.pixel_array[1] == expected).all()


def test_there_is_none_where_nothing_is_to_be_shown() -> None:
    assert segmentation(answer_of(StubReader(too_dark=1.1), sample("effusion_pa"))) is None


def test_it_refers_to_the_radiograph() -> None:
    source = read(sample("effusion_pa"))
    result = read(made(answer_of(StubReader(), sample("effusion_pa")), ["seg"])["seg"])
    (series,) = result.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == source.SeriesInstanceUID
    assert series.ReferencedInstanceSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert (result.Rows, result.Columns) == (source.Rows, source.Columns)
