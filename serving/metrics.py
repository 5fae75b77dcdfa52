"""What is counted, for Prometheus. No patient data: labels are states, codes and names of settings.

Processes of one machine count together in a folder (``PROMETHEUS_MULTIPROC_DIR``, set for them by ``hilum serve``); the
API shows their sum. What the database knows (queues, dead letters, living workers) is asked when it is shown.
"""

import os
from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from model.errors import Unavailable
from model.reading import Refusal
from serving.outcome import Outcome
from serving.store.stalled import living_workers
from serving.store.store import Store

#: Names the folder in which the processes of one machine count together.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300, 1800)

_received = Counter("hilum_received_total", "Files received", ["door", "receipt"])
_bytes = Counter("hilum_received_bytes_total", "Bytes of files received", ["door"])
_outcomes = Counter("hilum_outcomes_total", "Instances read, refused or failed", ["state", "reader"])
_refused = Counter("hilum_refused_total", "Instances refused", ["code"])
_deliveries = Counter("hilum_deliveries_total", "Deliveries, by how an attempt ended", ["destination", "ended"])
_priors = Counter("hilum_priors_total", "Searches for priors, by how an attempt ended", ["ended"])
_dead = Counter("hilum_dead_total", "Jobs that died", ["task", "kind"])
_reading = Histogram("hilum_receive_to_reading_seconds", "From received to recorded", buckets=_SECONDS)
_stages = Histogram("hilum_stage_seconds", "Stages of a reading", ["stage"], buckets=_SECONDS)


def note_received(door: str, receipt: str, size: int) -> None:
    _received.labels(door, receipt).inc()
    _bytes.labels(door).inc(size)


def note_outcome(outcome: Outcome) -> None:
    _outcomes.labels(str(outcome.state), outcome.reader).inc()
    if isinstance(outcome.result, Refusal):
        _refused.labels(str(outcome.result.code)).inc()
    _reading.observe(sum(outcome.timings_ms.values()) / 1000)
    for stage, milliseconds in outcome.timings_ms.items():
        _stages.labels(stage).observe(milliseconds / 1000)


def note_delivery(destination: str, ended: str) -> None:
    _deliveries.labels(destination, ended).inc()


def note_priors(ended: str) -> None:
    """``ended``: found, none, retried or failed."""
    _priors.labels(ended).inc()


def note_dead(task: str, kind: str) -> None:
    _dead.labels(task, kind).inc()


def serve(host: str, port: int, environ: Mapping[str, str]) -> None:
    """Show what the processes of this machine count, on a port of its own."""
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, path=environ[FOLDER_VARIABLE])  # type: ignore[no-untyped-call]
    start_http_server(port, host, registry)


def shown(store: Store, reader: str) -> bytes:
    """Everything, in Prometheus' text format."""
    registry = CollectorRegistry()
    if FOLDER_VARIABLE in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for own in (_received, _bytes, _outcomes, _refused, _deliveries, _priors, _dead, _reading, _stages):
            registry.register(own)
    registry.register(_Kept(store, reader))
    return generate_latest(registry)


class _Kept(Collector):
    """What the database knows."""

    def __init__(self, store: Store, reader: str) -> None:
        self._store = store
        self._reader = reader

    def collect(self) -> Iterable[GaugeMetricFamily]:
        yield _info(self._reader)
        try:
            queued = self._store.database.all("queue_figures")
            dead = self._store.database.all("dead_figures")
            living = living_workers(self._store)
            (audit,) = self._store.database.all("audit_figures")
        except Unavailable:
            yield GaugeMetricFamily("hilum_database_up", "Whether the database answers", value=0)
            return
        yield GaugeMetricFamily("hilum_database_up", "Whether the database answers", value=1)
        yield GaugeMetricFamily("hilum_workers", "Processes that read", value=living)
        waiting = GaugeMetricFamily("hilum_waiting_jobs", "Jobs that wait", labels=["task", "priority"])
        age = GaugeMetricFamily("hilum_oldest_job_seconds", "Age of the oldest that waits", labels=["task", "priority"])
        for row in queued:
            labels = [row["task"], str(row["priority"])]
            waiting.add_metric(labels, row["waiting"])
            age.add_metric(labels, row["oldest_seconds"])
        yield waiting
        yield age
        letters = GaugeMetricFamily("hilum_dead_letters", "Jobs that are dead now", labels=["task", "kind"])
        for row in dead:
            letters.add_metric([row["task"], row["kind"]], row["dead"])
        yield letters
        yield GaugeMetricFamily("hilum_audit_position", "Entries in the audit trail's chain", value=audit["position"])
        yield GaugeMetricFamily("hilum_audit_forwarded", "Entries that a collector has", value=audit["forwarded"])
        yield GaugeMetricFamily(
            "hilum_audit_waiting_seconds", "Age of the oldest entry that is not chained", value=audit["waiting_seconds"]
        )


def _info(name: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily("hilum_reader_info", "The reader that is asked", labels=["reader"])
    family.add_metric([name], 1)
    return family
