"""A reading or a refusal as a Comprehensive SR by TID 1500 (PS3.16).

One measurement group a finding: its code, whether it is present, probability, threshold and what that threshold means;
one more for each region in which a present finding was seen, as SCOORD on the grid that is stored in the file. A
refusal is a group that says why.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from highdicom.sr import (
    AlgorithmIdentification,
    CodeContentItem,
    CodedConcept,
    ComprehensiveSR,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    DeviceObserverIdentifyingAttributes,
    GraphicTypeValues,
    ImageContentItem,
    ImageRegion,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    NumContentItem,
    ObservationContext,
    ObserverContext,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    RelationshipTypeValues,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    TextContentItem,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from serving.instances import OWN_MANUFACTURER
from serving.presentations.dicom_result import MODEL, SCHEME, Answer, finished, neutral
from serving.presentations.reading_json import NOTICE
from serving.presentations.regions import Region, regions

_CONTAINS, _CONTEXT = RelationshipTypeValues.CONTAINS, RelationshipTypeValues.HAS_ACQ_CONTEXT
_PLAIN_CHEST_RADIOGRAPHY = CodedConcept("399208008", "SCT", "Plain chest X-ray")
_PRESENT, _ABSENT = CodedConcept("52101004", "SCT", "Present"), CodedConcept("272519000", "SCT", "Absent")
_YES = CodedConcept("373066001", "SCT", "Yes")
_PRESENCE = CodedConcept("121052", "DCM", "Presence of property")
_PROBABILITY = CodedConcept("122157", "DCM", "Probability")
_OPERATING_POINT = CodedConcept("111081", "DCM", "CAD Operating Point Description")
_COMMENT = CodedConcept("121106", "DCM", "Comment")
_THRESHOLD = CodedConcept("threshold", SCHEME, "Probability from which the finding counts as present")
_EXPERIMENTAL = CodedConcept("experimental", SCHEME, "Not shown to be found reliably")
_NOT_READ = CodedConcept("not-read", SCHEME, "Not read")
_RATIO = CodedConcept("1", "UCUM", "no units")
_PIXELS = CodedConcept("{pixels}", "UCUM", "Pixels")
#: Refusal code to its meaning.
_REFUSALS = {
    "not-chest": "Not a radiograph of the chest",
    "not-frontal": "Not a frontal radiograph",
    "child": "Patient younger than the reader covers",
    "poor-quality": "Quality too poor, or orientation unknown",
    "unsupported-syntax": "Encoding not supported",
    "corrupt": "Image damaged",
    "too-large": "Image too large",
}

_Group = MeasurementsAndQualitativeEvaluations | PlanarROIMeasurementsAndQualitativeEvaluations


def structured_report(answer: Answer) -> Dataset:
    """The report as a data set with file meta information; the same answer gives the same bytes."""
    evidence = neutral(answer.source)
    report = ComprehensiveSR(
        evidence=[evidence], content=_content(answer)[0], is_complete=True, is_final=False, **answer.identity("sr")
    )
    report.CompletionFlagDescription = NOTICE[:64]
    return finished(report, answer, "Hilum report: AI result, not verified")


def _content(answer: Answer) -> MeasurementReport:
    groups = _refusal(answer) if answer.document["refusal"] else _findings(answer)
    content = MeasurementReport(
        observation_context=_observer(answer),
        procedure_reported=_PLAIN_CHEST_RADIOGRAPHY,
        imaging_measurements=list(groups),
        title=codes.DCM.ImagingMeasurementReport,
    )
    root = content[0].ContentSequence
    root.insert(len(root) - 1, _library(answer.source))
    root.append(_text(_COMMENT, NOTICE))
    for correction in _corrections(answer):
        root.append(_text(_COMMENT, f"Read as if corrected: {correction}"))
    return content


def _corrections(answer: Answer) -> list[str]:
    gate = answer.document["gate"]
    return list(gate["corrections"]) if gate else []


def _observer(answer: Answer) -> ObservationContext:
    device = DeviceObserverIdentifyingAttributes(
        uid=answer.device_uid, name=answer.reader, manufacturer_name=OWN_MANUFACTURER, model_name=MODEL
    )
    return ObservationContext(observer_device_context=ObserverContext(codes.DCM.Device, device))


def _library(source: Dataset) -> ContainerContentItem:
    """The radiograph (TID 1600), with what its file says of its shape."""
    image = ImageContentItem(
        name=CodedConcept("260753009", "SCT", "Source"),
        referenced_sop_class_uid=source.SOPClassUID,
        referenced_sop_instance_uid=source.SOPInstanceUID,
        relationship_type=_CONTAINS,
    )
    image.ContentSequence = ContentSequence(list(_descriptors(source)))
    group = _container(codes.DCM.ImageLibraryGroup, image)
    return _container(codes.DCM.ImageLibrary, group)


def _container(name: Any, child: ContentItem) -> ContainerContentItem:
    container = ContainerContentItem(name=name, relationship_type=_CONTAINS)
    container.ContentSequence = ContentSequence([child])
    return container


def _descriptors(source: Dataset) -> Iterator[ContentItem]:
    """TID 1602 and 1603."""
    modality = {"CR": "Computed Radiography", "DX": "Digital Radiography"}.get(str(source.get("Modality")))
    if modality:
        code = CodedConcept(source.Modality, "DCM", modality)
        yield CodeContentItem(name=codes.DCM.Modality, value=code, relationship_type=_CONTEXT)
    for name, keyword in ((codes.DCM.PixelDataRows, "Rows"), (codes.DCM.PixelDataColumns, "Columns")):
        if source.get(keyword):
            yield NumContentItem(name=name, value=source[keyword].value, unit=_PIXELS, relationship_type=_CONTEXT)
    orientation = source.get("PatientOrientation")
    if orientation and len(orientation) == 2:
        yield TextContentItem(codes.DCM.PatientOrientationRow, orientation[0], _CONTEXT)
        yield TextContentItem(codes.DCM.PatientOrientationColumn, orientation[1], _CONTEXT)
    spacing = source.get("ImagerPixelSpacing")
    if spacing and len(spacing) == 2:
        millimetre = codes.UCUM.Millimeter
        yield NumContentItem(
            codes.DCM.HorizontalPixelSpacing, float(spacing[1]), millimetre, relationship_type=_CONTEXT
        )
        yield NumContentItem(codes.DCM.VerticalPixelSpacing, float(spacing[0]), millimetre, relationship_type=_CONTEXT)


def _findings(answer: Answer) -> Iterator[_Group]:
    for finding in answer.document["findings"]:
        yield _finding(answer, finding)
        heatmap = answer.heatmaps.get(finding["name"])
        if finding["present"] and heatmap is not None:
            for number, region in enumerate(regions(heatmap), 1):
                yield _region(answer, finding, region, number)


def _finding(answer: Answer, finding: Mapping[str, Any]) -> MeasurementsAndQualitativeEvaluations:
    evaluations = [QualitativeEvaluation(_PRESENCE, _PRESENT if finding["present"] else _ABSENT)]
    if finding["experimental"]:
        evaluations.append(QualitativeEvaluation(_EXPERIMENTAL, _YES))
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(answer, finding["name"]),
        finding_type=_code(finding["code"]),
        algorithm_id=_algorithm(answer),
        measurements=[
            Measurement(_PROBABILITY, finding["probability"], _RATIO),
            Measurement(_THRESHOLD, finding["threshold"], _RATIO),
        ],
        qualitative_evaluations=evaluations,
        source_images=[_source_image(answer)],
    )
    group[0].ContentSequence.append(_text(_OPERATING_POINT, finding["operating_point"]["sentence"]))
    return group


def _region(
    answer: Answer, finding: Mapping[str, Any], region: Region, number: int
) -> PlanarROIMeasurementsAndQualitativeEvaluations:
    source = answer.source
    return PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(answer, f"{finding['name']}, region {number}"),
        referenced_region=ImageRegion(
            graphic_type=GraphicTypeValues.POLYLINE,
            graphic_data=np.array(region.outline()),
            source_image=SourceImageForRegion(source.SOPClassUID, source.SOPInstanceUID),
        ),
        finding_type=_code(finding["code"]),
        algorithm_id=_algorithm(answer),
        measurements=[Measurement(_PROBABILITY, finding["probability"], _RATIO)],
    )


def _refusal(answer: Answer) -> Iterator[MeasurementsAndQualitativeEvaluations]:
    refusal = answer.document["refusal"]
    reason = CodedConcept(refusal["code"], SCHEME, _REFUSALS.get(refusal["code"], refusal["code"]))
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(answer, "Refusal"),
        algorithm_id=_algorithm(answer),
        qualitative_evaluations=[QualitativeEvaluation(_NOT_READ, reason)],
        source_images=[_source_image(answer)],
    )
    group[0].ContentSequence.append(_text(_COMMENT, refusal["reason"]))
    group[0].ContentSequence.append(_text(_COMMENT, "This says nothing about the patient; it does not mean normal."))
    yield group


def _tracking(answer: Answer, name: str) -> TrackingIdentifier:
    return TrackingIdentifier(uid=answer.uid(f"tracking:{name}"), identifier=name)


def _algorithm(answer: Answer) -> AlgorithmIdentification:
    name, version = answer.algorithm
    return AlgorithmIdentification(name=name, version=version, manufacturer=OWN_MANUFACTURER)


def _source_image(answer: Answer) -> SourceImageForMeasurementGroup:
    return SourceImageForMeasurementGroup(answer.source.SOPClassUID, answer.source.SOPInstanceUID)


def _code(code: Mapping[str, str]) -> CodedConcept:
    return CodedConcept(code["value"], code["scheme"], code["meaning"])


def _text(name: CodedConcept, value: str) -> TextContentItem:
    return TextContentItem(name=name, value=value, relationship_type=_CONTAINS)
