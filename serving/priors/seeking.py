"""The job that asks an archive for a study's priors, and keeps them to be read after everything else."""

import logging

from model.errors import Unavailable
from serving import metrics
from serving.capacity import Capacity
from serving.instances import Instance, Origin, Priority, identify
from serving.priors.archive import Archive
from serving.priors.choosing import Study, is_chest_radiograph, priors_of
from serving.priors.identity import Person, is_same
from serving.priors.kept import stored_study
from serving.settings import Settings
from serving.store import priors as stored
from serving.store.reception import receive
from serving.store.store import Store
from serving.who import service

log = logging.getLogger("hilum.priors")

#: Earlier studies that are looked into, at most, until enough with chest radiographs are found.
_MOST_LOOKED_INTO = 20
#: A query's wildcards and separator (PS3.4, C.2.2.2.4; PS3.5, 6.1.2.3): such an ID cannot be asked for as it is.
_UNSEARCHABLE = set("*?\\")


class Seeker:
    """Looks for the priors of one study at a time."""

    def __init__(self, settings: Settings, store: Store, archive: Archive) -> None:
        self._settings = settings
        self._store = store
        self._archive = archive
        self._capacity = Capacity(settings, store)

    def ask(self, instance_id: int) -> None:
        """Queue the search for the priors of an instance's study, once, if it was read and came by itself."""
        stored.queue_search(self._store, instance_id)

    def seek(self, study_id: int) -> None:
        """Find and fetch them, and note how it ended.

        Raises:
            Unavailable: when the archive or the database is not there, or too much waits here.
        """
        row = stored.study(self._store, study_id)
        if row is None:
            return
        study = stored_study(row)
        if not study.study_date or _UNSEARCHABLE & set(study.person.patient_id):
            stored.note_search(self._store, study_id, state="done", found=0, reason="It cannot be searched for.")
            return
        found = self._fetch(study)
        stored.note_search(self._store, study_id, state="done", found=found)
        metrics.note_priors("found" if found else "none")
        log.info("%d priors of study %d", found, study_id)

    def _fetch(self, study: Study) -> int:
        """How many priors there are; those that are not here are fetched."""
        found = 0
        for prior in priors_of(study, self._archive.studies(study.person.patient_id, study.study_date))[
            :_MOST_LOOKED_INTO
        ]:
            if found == self._settings.prior_studies:
                break
            series = [one for one in self._archive.series(prior.study_instance_uid) if is_chest_radiograph(one)]
            found += bool(series)
            if series and not stored.is_here(self._store, prior.study_instance_uid):
                self._fetch_study(prior, [one.series_instance_uid for one in series])
        return found

    def _fetch_study(self, prior: Study, series: list[str]) -> None:
        self._capacity.check()
        stored.expect(self._store, prior.study_instance_uid)
        try:
            for one in series:
                self._archive.fetch(prior.study_instance_uid, one, lambda data: self._keep(data, prior))
        finally:
            stored.expect_no_more(self._store, prior.study_instance_uid)

    def _keep(self, data: bytes, prior: Study) -> None:
        """Receive one file, unless it is not what was asked for."""
        instance = identify(data, self._settings.max_instance_bytes)
        if len(data) > self._settings.max_instance_bytes or instance.is_own_result or not _is_of(instance, prior):
            log.warning("the archive sent something else than was asked for")
            return
        receive(self._store, instance, Origin(door="prior", priority=Priority.BACKFILL, who=service("worker")), data)


def _is_of(instance: Instance, prior: Study) -> bool:
    patient = instance.patient
    person = Person(patient_id=patient.patient_id, birth_date=patient.birth_date, name=patient.name)
    return instance.study_instance_uid == prior.study_instance_uid and is_same(person, prior.person)


def why(error: Exception) -> str:
    return str(error) if isinstance(error, Unavailable) else f"An error of ours ({type(error).__name__}) stopped it."
