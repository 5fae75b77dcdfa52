"""Hilum's own results as instances of the study that they answer (QIDO-RS, WADO-RS): reports, pictures, regions, ...

They are the ones that destinations are sent (``serving.dicom_results``): the same UIDs, the same bytes. Nothing of
them is kept: ``results_in`` says from the database alone which there are and what can be said of them in a list;
``file_of`` makes one when it is asked for, in a decoder, since that takes the radiograph's pixels. Each has a series of
its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from model.errors import Unavailable
from model.limits import Limits
from serving.dicom_results import MAKERS, result_of
from serving.instances import OWN_MANUFACTURER
from serving.presentations.dicom_result import description_of
from serving.presentations.kinds import KINDS
from serving.presentations.review import Review
from serving.presentations.told import Told, is_told
from serving.services import Services
from serving.settings import Settings, names
from serving.store import deliveries
from serving.store.kept import content


@dataclass(frozen=True, kw_only=True)
class Result:
    """One result, which is the only instance of its series."""

    kind: str
    told: Told
    study_instance_uid: str
    #: Of ``store.deliveries.told_of_studies``.
    row: Mapping[str, Any]

    @property
    def series_instance_uid(self) -> str:
        return self.told.uid(f"{self.kind}-series", self.told.version)

    @property
    def sop_instance_uid(self) -> str:
        return self.told.uid(self.kind, self.told.version)

    @property
    def sop_class_uid(self) -> str:
        return str(KINDS[self.kind].sop_class_uid)

    @property
    def modality(self) -> str:
        return KINDS[self.kind].modality or ""

    @property
    def manufacturer(self) -> str:
        return OWN_MANUFACTURER

    @property
    def series_number(self) -> int:
        return KINDS[self.kind].series_number or 0

    @property
    def series_description(self) -> str:
        return description_of(self.kind, self.told.status)


def modalities_shown(settings: Settings) -> list[str]:
    """Of the results that each radiograph has for certain, Modality (0008,0060) of each kind."""
    kinds = (KINDS[kind] for kind in names(settings.dicomweb_results) if kind in MAKERS)
    return [kind.modality for kind in kinds if kind.modality and not kind.is_optional]


def results_in(services: Services, study_instance_uids: Iterable[str]) -> list[Result]:
    """The results of these studies; of the kinds that the setting names."""
    kinds = [kind for kind in names(services.settings.dicomweb_results) if kind in MAKERS]
    rows = deliveries.told_of_studies(services.store, list(study_instance_uids)) if kinds else []
    found = [
        Result(kind=kind, told=_told(services, row), study_instance_uid=row["study_instance_uid"], row=row)
        for row in rows
        if is_told(row["document"])
        for kind in kinds
    ]
    return [one for one in found if not KINDS[one.kind].is_optional or file_of(services, one)]


def file_of(services: Services, result: Result) -> bytes:
    """The file; empty where there is nothing of this kind to say.

    Raises:
        Unavailable: when the file that was read is not there now. DecoderFailed.
    """

    def make() -> bytes:
        data = content(services.store, result.row["content_hash"])
        if data is None:
            raise Unavailable("The object store must hold the bytes that were received, but does not find them now.")
        heatmaps = deliveries.heatmaps(services.store, result.row["outcome_id"])
        limits = Limits(max_bytes=services.settings.max_instance_bytes)
        row = {name: result.row[name] for name in ("document", "recorded_at", "placement", "heatmap_shape")}
        return services.decoders.do(result_of, result.kind, row, data, heatmaps, limits, result.told.review)

    return services.recent.get(result.sop_instance_uid, make)


def _told(services: Services, row: Mapping[str, Any]) -> Told:
    review = Review.of(row["review"], services.settings.verified_by)
    return Told(document=row["document"], recorded_at=row["recorded_at"], review=review)
