"""The priors of a study that are kept here."""

from typing import Any

from serving.priors.choosing import Study, priors_of
from serving.priors.identity import Person
from serving.store import priors as stored
from serving.store.store import Store


def kept_priors(store: Store, study_id: int) -> list[dict[str, Any]]:
    """Earlier studies of the same person in which a radiograph was read, the newest first."""
    row = stored.study(store, study_id)
    if row is None:
        return []
    found = stored.earlier(store, study_id)
    findings = {one["study_instance_uid"]: one["findings"] for one in found}
    return [
        {
            "study_instance_uid": prior.study_instance_uid,
            "study_date": prior.study_date,
            "findings": findings[prior.study_instance_uid],
        }
        for prior in priors_of(stored_study(row), map(stored_study, found))
    ]


def stored_study(row: stored.Row) -> Study:
    """A study of our own store, as it is compared with others."""
    return Study(
        study_instance_uid=row["study_instance_uid"],
        study_date=row["study_date"],
        study_time=row["study_time"],
        person=Person(
            patient_id=row["patient_id"],
            issuer=row["issuer"],
            birth_date=row["birth_date"],
            name=row["patient_name"],
        ),
    )
