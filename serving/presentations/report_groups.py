"""The measurement groups of the structured report (PS3.16, TID 1410 and 1501): findings, their regions, a refusal."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from highdicom.sr import (
    AlgorithmIdentification,
    CodedConcept,
    FindingSite,
    GraphicTypeValues,
    ImageRegion,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    PlanarROIMeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    RelationshipTypeValues,
    SourceImageForMeasurementGroup,
    SourceImageForRegion,
    TextContentItem,
    TrackingIdentifier,
)

from serving.instances import OWN_MANUFACTURER
from serving.presentations import report_codes as c
from serving.presentations.dicom_result import Answer
from serving.presentations.regions import Region

Group = MeasurementsAndQualitativeEvaluations | PlanarROIMeasurementsAndQualitativeEvaluations


def groups(answer: Answer) -> Iterator[Group]:
    """One for each finding and each of its regions; one that says why when the radiograph was refused."""
    if answer.document["refusal"]:
        yield _refusal(answer)
    for finding in answer.findings():
        yield _finding(answer, finding)
        for number, region in enumerate(answer.regions(finding), 1):
            yield _region(answer, finding, region, number)
    if answer.ratio:
        yield _ratio(answer, *answer.ratio)


def text(name: CodedConcept, value: str) -> TextContentItem:
    return TextContentItem(name=name, value=value, relationship_type=RelationshipTypeValues.CONTAINS)


def _finding(answer: Answer, finding: Mapping[str, Any]) -> MeasurementsAndQualitativeEvaluations:
    measured = [
        Measurement(name, finding[key], c.RATIO)
        for name, key in ((c.PROBABILITY, "probability"), (c.THRESHOLD, "threshold"))
        if finding[key] is not None
    ]
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(answer, finding["name"]),
        finding_type=c.concept(finding["code"]),
        algorithm_id=_algorithm(answer) if measured else None,
        measurements=measured or None,
        qualitative_evaluations=list(_evaluations(finding)),
        finding_sites=_sites(finding),
        source_images=[_source_image(answer)],
    )
    if finding["operating_point"]:
        group[0].ContentSequence.append(text(c.OPERATING_POINT, finding["operating_point"]["sentence"]))
    for comment in finding["comments"]:
        group[0].ContentSequence.append(text(c.COMMENT, comment))
    return group


def _evaluations(finding: Mapping[str, Any]) -> Iterator[QualitativeEvaluation]:
    yield QualitativeEvaluation(c.PRESENCE, c.PRESENT if finding["present"] else c.ABSENT)
    if finding["experimental"]:
        yield QualitativeEvaluation(c.EXPERIMENTAL, c.YES)
    if finding.get("side") and not finding.get("location_certain"):
        yield QualitativeEvaluation(c.PLACE_UNCERTAIN, c.YES)
    if finding["verdict"]:
        yield QualitativeEvaluation(c.VERDICT, c.VERDICTS[finding["verdict"]])


def _sites(finding: Mapping[str, Any]) -> list[FindingSite] | None:
    """Side and zone, where the reading determined them."""
    side, zone = finding.get("side"), finding.get("zone")
    if side is None:
        return None
    return [FindingSite(c.CHEST, laterality=c.SIDES[side], topographical_modifier=c.ZONES[zone] if zone else None)]


def _region(
    answer: Answer, finding: Mapping[str, Any], region: Region, number: int
) -> PlanarROIMeasurementsAndQualitativeEvaluations:
    source, is_seen_by_reader = answer.source, finding["boxes"] is None
    return PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(answer, f"{finding['name']}, region {number}"),
        referenced_region=ImageRegion(
            graphic_type=GraphicTypeValues.POLYLINE,
            graphic_data=np.array(region.outline()),
            source_image=SourceImageForRegion(source.SOPClassUID, source.SOPInstanceUID),
        ),
        finding_type=c.concept(finding["code"]),
        algorithm_id=_algorithm(answer) if is_seen_by_reader else None,
        measurements=[Measurement(c.PROBABILITY, finding["probability"], c.RATIO)] if is_seen_by_reader else None,
        qualitative_evaluations=(
            None if is_seen_by_reader else [QualitativeEvaluation(c.VERDICT, c.VERDICTS[finding["verdict"]])]
        ),
    )


def _ratio(answer: Answer, value: float, error: str) -> MeasurementsAndQualitativeEvaluations:
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(answer, "Cardiothoracic ratio"),
        algorithm_id=_algorithm(answer),
        measurements=[Measurement(c.RATIO_OF_HEART, value, c.RATIO)],
        source_images=[_source_image(answer)],
    )
    group[0].ContentSequence.append(text(c.COMMENT, f"{error[:1].upper()}{error[1:]}."))
    return group


def _refusal(answer: Answer) -> MeasurementsAndQualitativeEvaluations:
    refusal = answer.document["refusal"]
    group = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracking(answer, "Refusal"),
        algorithm_id=_algorithm(answer),
        qualitative_evaluations=[QualitativeEvaluation(c.NOT_READ, c.refusal_concept(refusal["code"]))],
        source_images=[_source_image(answer)],
    )
    group[0].ContentSequence.append(text(c.COMMENT, refusal["reason"]))
    group[0].ContentSequence.append(text(c.COMMENT, "This says nothing about the patient; it does not mean normal."))
    return group


def _tracking(answer: Answer, name: str) -> TrackingIdentifier:
    """The same in every version: it is about the same thing."""
    return TrackingIdentifier(uid=answer.uid(f"tracking:{name}"), identifier=name)


def _algorithm(answer: Answer) -> AlgorithmIdentification:
    name, version = answer.algorithm
    return AlgorithmIdentification(name=name, version=version, manufacturer=OWN_MANUFACTURER)


def _source_image(answer: Answer) -> SourceImageForMeasurementGroup:
    return SourceImageForMeasurementGroup(answer.source.SOPClassUID, answer.source.SOPInstanceUID)
