"""The worklist and its studies."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from serving import schemas
from serving.moments import utc
from serving.presentations.study_json import completions_json, study_json
from serving.priors.kept import kept_priors
from serving.problems import Problem
from serving.services import Services
from serving.store import completions, priors, worklist
from serving.store.worklist import BadCursor, Filters
from serving.users.sight import seen

_MOST = 500

_State = Annotated[Literal["pending", "read", "refused", "failed"] | None, Query(description="Of the study as a whole")]
_Finding = Annotated[str | None, Query(max_length=64, description="Present in the study", examples=["Effusion"])]
_Modality = Annotated[str | None, Query(max_length=16, description="DICOM Modality", examples=["DX"])]
_Refused = Annotated[bool | None, Query(description="At least one image was refused")]
_Reviewed = Annotated[bool | None, Query(description="Every reading is signed off")]
_Since = Annotated[datetime | None, Query(description="Received at or after, ISO 8601; UTC unless it says otherwise")]
_Before = Annotated[datetime | None, Query(description="Received before")]
_Search = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=64,
        description="Part of a name, ID or accession number; one or two letters: how a word of it begins",
    ),
]
_Priors = Annotated[bool, Query(description="Studies that were only fetched as priors, too")]
_Sort = Annotated[
    Literal["newest", "urgent"], Query(description="urgent: STAT first, then urgent findings, then failed or refused")
]
_Limit = Annotated[int, Query(ge=1, le=_MOST, description="Studies on a page")]
_Cursor = Annotated[str | None, Query(max_length=256, description="`next` of the page before")]
_PatientNumber = Annotated[int, Query(ge=1, alias="patient", description="Which one, where two have this UID")]


def add_routes(api: APIRouter, services: Services) -> None:
    _add_worklist(api, services)
    _add_study(api, services)


def _add_worklist(api: APIRouter, services: Services) -> None:
    @api.get(
        "/studies",
        summary="The worklist",
        tags=["studies"],
        response_model=schemas.Studies,
        responses=schemas.problem_responses(422, 503),
    )
    def get_studies(
        request: Request,
        state: _State = None,
        finding: _Finding = None,
        modality: _Modality = None,
        refused: _Refused = None,
        reviewed: _Reviewed = None,
        since: _Since = None,
        before: _Before = None,
        search: _Search = None,
        priors: _Priors = False,
        sort: _Sort = "newest",
        limit: _Limit = 100,
        cursor: _Cursor = None,
    ) -> dict[str, Any]:
        """Studies for which every given filter holds, a page at a time; `next` is the cursor of the next page."""
        filters = Filters(
            state=state,
            finding=finding,
            modality=modality,
            refused=refused,
            reviewed=reviewed,
            since=utc(since),
            before=utc(before),
            search=search.replace("\0", "") if search else None,
            is_prior=None if priors else False,
        )
        try:
            page = worklist.page(seen(services, request).store, filters, order=sort, limit=limit, cursor=cursor)
        except BadCursor:
            raise Problem("invalid", "cursor must be `next` of a page with the same sort. Begin without it.") from None
        return {
            "studies": [study_json(study, page.instances[study["study_id"]]) for study in page.studies],
            "next": page.next,
        }


def _add_study(api: APIRouter, services: Services) -> None:
    @api.get(
        "/studies/{study_instance_uid}",
        summary="One study",
        tags=["studies"],
        response_model=schemas.StudyWithCompletions,
        responses=schemas.problem_responses(404, 503),
    )
    def get_study(request: Request, study_instance_uid: str, patient: _PatientNumber = 1) -> dict[str, Any]:
        """With its result and addenda, and how their deliveries stand.

        Where images of two patients came under one Study Instance UID, `flags` says so, and each patient's study is
        asked for by its number: the first received is 1.
        """
        store = seen(services, request).store
        studies = worklist.studies_of(store, study_instance_uid.replace("\0", ""))
        if len(studies) < patient:
            raise Problem("not-found", "No study with this Study Instance UID is kept here.")
        study = studies[patient - 1]
        instances = worklist.instances(store, [study["study_id"]])[study["study_id"]]
        completed = completions.of_study(store, study["study_id"])
        return {
            **study_json(study, instances),
            "patients": len(studies),
            "completions": completions_json(completed),
            "priors": kept_priors(store, study["study_id"]),
            "priors_search": priors.search(store, study["study_id"]),
        }
