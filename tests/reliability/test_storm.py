"""The service under a stream of radiographs while its processes are killed without a warning."""

import random
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.reliability.checks import check_deliveries, check_readings, in_folder, settle
from tests.reliability.radiographs import radiographs
from tests.reliability.sending import Acknowledged, by_c_store, by_http, streaming
from tests.reliability.service import LONG, ROLES, SEED, Service, running, short_folder, until
from tests.reliability.webhook import Webhook, webhook

_KILLS = 36 if LONG else 5
_SAID = "SELECT count(*) FROM outcome"
#: Few enough that the senders are held back now and then.
_QUEUE_LENGTH = 20


def test_what_was_acknowledged_is_read_once_whatever_is_killed() -> None:
    with ExitStack() as stack:
        folder, hook, service = _a_service(stack)
        acknowledged = _storm(service, _killed(random.Random(SEED), _KILLS))
        settle(service, 60)
        _check(service, acknowledged, folder, hook)
        print(f"seed {SEED}: {_KILLS} kills, {len(acknowledged)} instances")


def test_a_killed_supervisor_leaves_nobody_behind_and_starts_again() -> None:
    with ExitStack() as stack:
        folder, hook, service = _a_service(stack)
        acknowledged = _storm(service, ["supervisor"])
        settle(service, 60)
        _check(service, acknowledged, folder, hook)
        service.stop()
        assert {role: service.processes(role) for role in ROLES} == {role: [] for role in ROLES}


def _a_service(stack: ExitStack) -> tuple[Path, Webhook, Service]:
    folder = stack.enter_context(short_folder())
    hook = stack.enter_context(webhook(SEED))
    out = folder / "out"
    settings = {
        "workers": 2,
        "quiet_seconds": 1,
        "queue_length": _QUEUE_LENGTH,
        "destinations": f"folder=file://{out},hook=http://127.0.0.1:{hook.port}/",
        "min_free_bytes": 0,
    }
    return out, hook, stack.enter_context(running(folder / "data", **settings))


def _killed(chance: random.Random, number: int) -> list[str]:
    """Whom to kill, in turn: everyone as often as the others."""
    roles = list(ROLES if LONG else ROLES[:-1])
    drawn: list[str] = []
    while len(drawn) < number:
        chance.shuffle(roles)
        drawn += roles
    return drawn[:number]


def _storm(service: Service, killed: list[str]) -> Acknowledged:
    """Send from several sides until all of ``killed`` were killed and the service went on after the last one."""
    chance = random.Random(f"{SEED} storm")
    acknowledged = Acknowledged()
    with httpx.Client(timeout=20) as client:
        senders = [("http", by_http(client, service.url))] * 3 + [("dimse", by_c_store(service.dimse_port))]
        with streaming(senders, radiographs(SEED), acknowledged, SEED):
            for role in [*killed, None]:
                _go_on(service, acknowledged, chance)
                if role:
                    service.kill(role, chance)
                if role == "supervisor":
                    service.start()
    return acknowledged


def _go_on(service: Service, acknowledged: Acknowledged, chance: random.Random) -> None:
    """Wait for some more to be acknowledged, and half of the time for some more to be read."""
    more = len(acknowledged) + chance.randint(1, 6)
    until(lambda: len(acknowledged) >= more, 90, "more is acknowledged", lambda: [acknowledged.wrong, service.words()])
    if chance.random() < 0.5:
        read = until(lambda: 1 + service.number(_SAID), 90, "the database answers") - 1 + chance.randint(1, 6)
        until(lambda: service.number(_SAID) >= read, 90, "more is read", service.words)


def _check(service: Service, acknowledged: Acknowledged, folder: Path, hook: Webhook) -> None:
    check_readings(service, acknowledged)
    check_deliveries(service, "folder", in_folder(folder))
    check_deliveries(service, "hook", hook.documents.values())
    assert all(len(bodies) == 1 for bodies in hook.bodies.values()), "what is sent again is the same"
