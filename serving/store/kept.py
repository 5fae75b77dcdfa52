"""The instances that are kept, found by their place in a study."""

from dataclasses import dataclass

from serving.store.objects import content_name
from serving.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One instance, without what other content came under its UID, which is kept aside."""

    instance_id: int
    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax: str
    content_hash: str


def kept(store: Store, study: str, series: str | None = None, instance: str | None = None) -> list[Kept]:
    """The instances of a study, of one of its series, or one of them, the first received first; files in DICOM only."""
    rows = store.database.all("kept_instances", study=study, series=series, instance=instance, sites=store.sites)
    return [Kept(**row) for row in rows]


def content(store: Store, content_hash: str) -> bytes | None:
    """The bytes as they were received; None when they are gone."""
    return store.objects.get(content_name(content_hash))
