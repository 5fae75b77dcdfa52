"""A reading or a refusal as a Comprehensive SR by TID 1500 (PS3.16).

One measurement group a finding: its code, whether it is present, probability, threshold and what that threshold means;
one more for each region in which a present finding was seen, as SCOORD on the grid that is stored in the file. A
refusal is a group that says why. A reviewed reading is a report of its own, which names the one before it; each finding
says what the reviewer made of it.
"""

from collections.abc import Iterator

from highdicom.sr import (
    ComprehensiveSR,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    DeviceObserverIdentifyingAttributes,
    MeasurementReport,
    ObservationContext,
    ObserverContext,
    RelationshipTypeValues,
)
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import ComprehensiveSRStorage

from serving.instances import OWN_MANUFACTURER
from serving.presentations.dicom_result import MODEL, Answer, finished, local_time, neutral
from serving.presentations.report_codes import COMMENT, PLAIN_CHEST_RADIOGRAPHY, QUALITATIVE_EVALUATIONS
from serving.presentations.report_groups import groups, text
from serving.presentations.report_library import image_library
from serving.presentations.review import Review

#: Where the file does not say whose it is; Verifying Organization must not be empty (PS3.3, C.17.2).
_NO_ORGANIZATION = "not stated"


def structured_report(answer: Answer) -> Dataset:
    """The report as a data set with file meta information; the same answer gives the same bytes."""
    evidence = neutral(answer.source)
    review = answer.review
    report = ComprehensiveSR(
        evidence=[evidence],
        content=_content(answer)[0],
        is_complete=True,
        is_final=review is not None and review.is_signed_off,
        previous_versions=[_predecessor(answer, review)] if review else None,
        **answer.identity("sr"),
    )
    report.CompletionFlagDescription = answer.notice[:64]
    if review and review.is_signed_off:
        report.VerificationFlag = "VERIFIED"
        report.VerifyingObserverSequence = [_verifying_observer(answer, review)]
    return finished(report, answer, "sr")


def _predecessor(answer: Answer, review: Review) -> Dataset:
    """The version that was sent before, as far as a reference needs it (PS3.3, C.17.2.2)."""
    former = Dataset()
    former.StudyInstanceUID = answer.source.StudyInstanceUID
    former.SeriesInstanceUID = answer.uid("sr-series", review.predecessor)
    former.SOPClassUID = ComprehensiveSRStorage
    former.SOPInstanceUID = answer.uid("sr", review.predecessor)
    return former


def _verifying_observer(answer: Answer, review: Review) -> Dataset:
    observer = Dataset()
    observer.VerifyingObserverName = review.observer.replace("\\", " ")[:64]
    observer.VerifyingOrganization = str(answer.source.get("InstitutionName") or _NO_ORGANIZATION)[:64]
    moment = local_time(answer)
    observer.VerificationDateTime = moment.strftime("%Y%m%d%H%M%S%z")
    observer.VerifyingObserverIdentificationCodeSequence = []
    return observer


def _content(answer: Answer) -> MeasurementReport:
    content = MeasurementReport(
        observation_context=_observer(answer),
        procedure_reported=PLAIN_CHEST_RADIOGRAPHY,
        imaging_measurements=list(groups(answer)),
        title=codes.DCM.ImagingMeasurementReport,
    )
    root = content[0].ContentSequence
    measurements = root[-1]
    del root[-1]
    root.append(image_library(answer.source))
    for container in _apart(measurements):
        root.append(container)
    for comment in _comments(answer):
        root.append(text(COMMENT, comment))
    return content


def _apart(measurements: Dataset) -> Iterator[ContainerContentItem]:
    """The groups, those that have a place apart from those that have none (docs/decisions/0010)."""
    seen: list[ContentItem] = []
    said: list[ContentItem] = []
    for group in measurements.ContentSequence:
        has_place = any(item.ValueType == "SCOORD" for item in group.ContentSequence)
        (seen if has_place else said).append(group)
    for name, chosen in ((QUALITATIVE_EVALUATIONS, said), (codes.DCM.ImagingMeasurements, seen)):
        if chosen:
            container = ContainerContentItem(name, relationship_type=RelationshipTypeValues.CONTAINS)
            container.ContentSequence = ContentSequence(chosen)
            yield container


def _comments(answer: Answer) -> list[str]:
    review = answer.review
    corrections = [f"Read as if corrected: {correction}" for correction in answer.corrections]
    said = [review.comment] if review and review.is_signed_off and review.comment else []
    return [answer.notice, *said, *corrections]


def _observer(answer: Answer) -> ObservationContext:
    device = DeviceObserverIdentifyingAttributes(
        uid=answer.device_uid, name=answer.reader, manufacturer_name=OWN_MANUFACTURER, model_name=MODEL
    )
    return ObservationContext(observer_device_context=ObserverContext(codes.DCM.Device, device))
