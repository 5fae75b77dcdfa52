"""Two machines on one database and one object store; one of them is gone for good in the middle of the work."""

import itertools
from contextlib import ExitStack

import httpx

from tests.reliability.checks import check_readings, settle
from tests.reliability.radiographs import radiographs
from tests.reliability.s3 import s3
from tests.reliability.sending import Acknowledged, by_http, streaming
from tests.reliability.service import LONG, SEED, Service, a_database, short_folder, until

_INSTANCES = 300 if LONG else 40
_READ = "SELECT count(*) FROM outcome"
_LIVING = "SELECT count(DISTINCT process) FROM working_process"


def test_when_one_machine_dies_the_other_reads_everything_once() -> None:
    sent = list(itertools.islice(radiographs("machines"), _INSTANCES))
    with ExitStack() as stack:
        folder, url, store = (stack.enter_context(one) for one in (short_folder(), a_database(), s3()))
        shared = {"database_url": url, "min_free_bytes": 0, "workers": 1, "quiet_seconds": 1, **store.settings()}

        def machine(name: str, command: str) -> Service:
            made = Service(folder / name, command=command, **shared)
            stack.callback(made.end)
            made.start(store.environment())
            return made

        api = machine("hub", "api")
        until(api.answers, 60, "the API answers", api.words)
        machines = [machine(name, "worker") for name in ("north", "south")]
        until(lambda: api.number(_LIVING) == len(machines), 60, "both machines work", machines[0].words)
        acknowledged = Acknowledged()
        with httpx.Client(timeout=20) as client:
            senders = [("http", by_http(client, api.url))] * 3
            with streaming(senders, iter(sent), acknowledged, SEED):
                until(lambda: api.number(_READ) >= _INSTANCES // 8, 120, "both read", machines[0].words)
                machines[0].end()
                left = len(sent) - api.number(_READ)
                until(lambda: len(acknowledged) == len(sent), 120, "all is acknowledged", api.words)
        assert left > 0
        settle(api, 240)
        check_readings(api, acknowledged, store.fetch)
        print(f"{len(sent)} instances, {left} left when one machine died")
