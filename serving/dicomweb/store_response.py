"""What a store transaction answers (PS3.18, 10.5.3): what is stored and where it is, what is not and why."""

from collections.abc import Sequence

from pydicom.dataset import Dataset

from serving.dicomweb.urls import instance_url, study_url
from serving.doors.stow import Stored
from serving.instances import Instance

STORED, SOME_FAILED, ALL_FAILED = 200, 202, 409  # PS3.18, table 10.5.3-1


def status(stored: Sequence[Stored]) -> int:
    """The answer's HTTP status."""
    failed = [one for one in stored if one.failure is not None]
    if not failed:
        return STORED
    return SOME_FAILED if len(failed) < len(stored) else ALL_FAILED


def store_response(stored: Sequence[Stored], base: str) -> Dataset:
    """The answer's data set. ``base`` is the URL of the DICOMweb interface, without a slash at its end."""
    kept = [one.instance for one in stored if one.instance and one.failure is None and one.kept]
    studies = {instance.study_instance_uid for instance in kept}
    answer = Dataset()
    answer.RetrieveURL = study_url(base, studies.pop()) if len(studies) == 1 else None
    sequences = {
        "ReferencedSOPSequence": [_stored(one, base) for one in stored if one.failure is None],
        "FailedSOPSequence": [_failed(one) for one in stored if one.failure is not None and _is_named(one)],
        "OtherFailuresSequence": [_failed(one) for one in stored if one.failure is not None and not _is_named(one)],
    }
    for keyword, items in sequences.items():
        if items:
            setattr(answer, keyword, items)
    return answer


def _is_named(one: Stored) -> bool:
    """Whether the part names its SOP class: what does not is no SOP instance that could be referred to."""
    return one.instance is not None and bool(one.instance.sop_class_uid)


def _stored(one: Stored, base: str) -> Dataset:
    assert one.instance is not None, "what is stored is known"
    item = _reference(one.instance)
    item.RetrieveURL = _url(one.instance, base) if one.kept else None
    return item


def _failed(one: Stored) -> Dataset:
    item = _reference(one.instance) if one.instance and _is_named(one) else Dataset()
    item.FailureReason = one.failure
    return item


def _url(instance: Instance, base: str) -> str:
    return instance_url(base, instance.study_instance_uid, instance.series_instance_uid, instance.sop_instance_uid)


def _reference(instance: Instance) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = instance.sop_class_uid
    item.ReferencedSOPInstanceUID = instance.sop_instance_uid
    return item
