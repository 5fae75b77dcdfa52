"""PS3.18, asked of Hilum and, for comparison, of Orthanc."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance import comparison
from tests.conformance.check import Check
from tests.conformance.origin_server import OriginServer
from tests.conformance.suite import all_checks
from tests.conformance.with_hilum import hilum


@pytest.fixture(scope="module")
def server() -> Iterator[OriginServer]:
    with hilum() as server:
        yield server


@pytest.fixture(scope="module")
def orthanc() -> dict[str, Any]:
    return comparison.orthanc()


@pytest.mark.parametrize("check", all_checks(), ids=lambda check: check.name)
def test_hilum(server: OriginServer, check: Check) -> None:
    check.run(server)


def test_there_are_checks_of_every_transaction() -> None:
    areas = {one.area for one in all_checks()}
    assert {"stow", "qido", "wado", "metadata", "frames", "bulkdata", "rendered", "capabilities"} <= areas
    names = [one.name for one in all_checks()]
    assert len(names) == len(set(names))
    assert sum(not one.optional for one in all_checks()) >= 60


@pytest.mark.skipif(
    not comparison.possible(), reason="needs root, a network namespace, Orthanc and its DICOMweb plugin"
)
def test_another_server_passes_most_and_not_all(orthanc: dict[str, Any]) -> None:
    """A suite that only its own server passes would say nothing; one that everybody passes neither."""
    assert orthanc["checks"] == len(all_checks())
    assert 0.6 < orthanc["required_passed"] / orthanc["required"] < 1, orthanc["failed"]
