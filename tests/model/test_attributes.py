"""Geometry, view, orientation and age, as Radiograph.from_dicom gives them."""

from typing import Any

import numpy as np
import pytest

from model.radiograph import Radiograph
from tests.radiographs import dicom

SMALL = np.arange(48, dtype=np.uint16).reshape(6, 8)


def radiograph(**attributes: Any) -> Radiograph:
    return Radiograph.from_dicom(dicom(SMALL, **attributes))


@pytest.mark.parametrize(
    ("attributes", "spacing", "plane", "aspect"),
    [
        ({}, None, None, 1),
        ({"PixelSpacing": [0.2, 0.1]}, (0.2, 0.1), "patient", 2),
        ({"ImagerPixelSpacing": [0.2, 0.1]}, (0.2, 0.1), "detector", 2),
        # Calibrated: Pixel Spacing differs from the detector's
        ({"PixelSpacing": [0.18, 0.18], "ImagerPixelSpacing": [0.2, 0.2]}, (0.18, 0.18), "patient", 1),
        # Not calibrated: it only repeats the detector's (PS3.3, 10.7.1.3)
        ({"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]}, (0.2, 0.2), "detector", 1),
        # 0.22 / 1.1 = 0.2
        (
            {"ImagerPixelSpacing": [0.22, 0.22], "EstimatedRadiographicMagnificationFactor": 1.1},
            (0.2, 0.2),
            "patient",
            1,
        ),
        ({"NominalScannedPixelSpacing": [0.3, 0.3]}, (0.3, 0.3), "detector", 1),
        ({"PixelAspectRatio": [3, 2]}, None, None, 1.5),
        ({"PixelSpacing": [0.2, 0.2], "PixelAspectRatio": [3, 2]}, (0.2, 0.2), "patient", 1),
        ({"PixelSpacing": [0, 0]}, None, None, 1),
        ({"PixelSpacing": [-1, 0.1]}, None, None, 1),
    ],
    ids=str,
)
def test_spacing(attributes: dict[str, Any], spacing: tuple[float, float] | None, plane: str, aspect: float) -> None:
    found = radiograph(**attributes)
    assert found.pixel_spacing == (pytest.approx(spacing) if spacing else None)
    assert found.spacing_at == plane
    assert found.pixel_aspect_ratio == pytest.approx(aspect)


@pytest.mark.parametrize(
    ("attributes", "view"),
    [
        ({"ViewPosition": "PA"}, "PA"),
        ({"ViewPosition": "AP"}, "AP"),
        ({"ViewPosition": "pa "}, "PA"),
        ({"ViewPosition": "LL"}, "lateral"),
        ({"ViewPosition": "RL"}, "lateral"),
        ({"ViewPosition": "LATERAL"}, "lateral"),
        ({"ViewPosition": "LAO"}, "lateral"),
        ({"ViewPosition": "RPO"}, "lateral"),
        ({"ViewPosition": "SOMETHING"}, "unknown"),
        ({"ViewPosition": None}, "unknown"),
        ({"ViewPosition": None, "PatientOrientation": ["A", "F"]}, "lateral"),
        ({"ViewPosition": None, "PatientOrientation": ["P", "F"]}, "lateral"),
        ({"ViewPosition": None, "PatientOrientation": ["L", "F"]}, "unknown"),
        # What people wrote into a description is not trusted
        ({"ViewPosition": None, "SeriesDescription": "Chest PA", "StudyDescription": "AP"}, "unknown"),
    ],
    ids=str,
)
def test_view(attributes: dict[str, Any], view: str) -> None:
    assert radiograph(**attributes).view == view


@pytest.mark.parametrize(
    ("value", "orientation"),
    [(["L", "F"], ("L", "F")), (["R", "FH"], ("R", "FH")), (["X", "F"], None), (["L"], None), (None, None), ("", None)],
)
def test_patient_orientation(value: Any, orientation: tuple[str, str] | None) -> None:
    assert radiograph(PatientOrientation=value).patient_orientation == orientation


@pytest.mark.parametrize(
    ("attributes", "years"),
    [
        ({"PatientAge": "045Y"}, 45),
        ({"PatientAge": "018M"}, 1.5),
        ({"PatientAge": "026W"}, 26 * 7 / 365.25),
        ({"PatientAge": "010D"}, 10 / 365.25),
        ({"PatientAge": None}, None),
        ({"PatientAge": None, "PatientBirthDate": "20000101", "StudyDate": "20100101"}, 3653 / 365.25),
        ({"PatientAge": "045Y", "PatientBirthDate": "20000101", "StudyDate": "20100101"}, 45),
        ({"PatientAge": None, "PatientBirthDate": "20200101", "StudyDate": "20100101"}, None),
        ({"PatientAge": None, "PatientBirthDate": "20000101"}, None),
    ],
    ids=str,
)
def test_age(attributes: dict[str, Any], years: float | None) -> None:
    assert radiograph(**attributes).patient_age == (None if years is None else pytest.approx(years))


@pytest.mark.parametrize(("value", "found"), [("YES", True), ("NO", False), (None, None), ("", None)])
def test_burned_in_annotation(value: str | None, found: bool | None) -> None:
    assert radiograph(BurnedInAnnotation=value).burned_in_annotation == found


def test_uids() -> None:
    found = radiograph(SOPInstanceUID="2.25.11", SeriesInstanceUID="2.25.12", StudyInstanceUID="2.25.13")
    uids = (found.sop_instance_uid, found.series_instance_uid, found.study_instance_uid)
    assert uids == ("2.25.11", "2.25.12", "2.25.13")
