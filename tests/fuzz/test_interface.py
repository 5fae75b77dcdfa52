"""The short run over the HTTP interface: one example of each operation, always the same one."""

import pytest

from tests.fakes import StubReader
from tests.fuzz.interface import ask, openapi
from tests.serving.live import live


@pytest.mark.parametrize("demo", [True, False], ids=["everything is open", "not signed in"])
def test_no_request_that_the_interface_describes_makes_it_fail(demo: bool) -> None:
    document = openapi()
    with live(StubReader(), demo=demo) as client:
        asked = ask(str(client.base_url).rstrip("/"), document, examples=1, seed=1)
    assert asked.found == []
    assert asked.requests > 30
    assert {status for status in asked.statuses if int(status) >= 500} <= {"503"}
    if not demo:
        assert asked.statuses["401"] > 20
