"""What the audit says of what an advisory service answers, or does not."""

from typing import Any

import pytest

from scripts.audit import node_packages, python_packages

KNOWN = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
CLEAN = {"name": "b", "version": "1", "vulns": []}
UNKNOWN = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (None, ["audit: skipped, PyPI's advisories could not be asked"]),
        ({"dependencies": [CLEAN]}, []),
        ({"dependencies": [KNOWN, CLEAN]}, ["a 1: PYSEC-1, mended in 2"]),
        # a service that knows none of our packages has said nothing of them
        ({"dependencies": [UNKNOWN, CLEAN]}, ["audit: skipped, of 1 of 2 Python packages the service knows nothing"]),
    ],
)
def test_python_packages(answer: Any, lines: list[str]) -> None:
    assert python_packages(answer) == lines


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (None, ["audit: skipped, npm's advisories could not be asked"]),
        ({"message": "405 Method Not Allowed"}, ["audit: skipped, npm's advisories could not be asked"]),
        ({"vulnerabilities": {}}, []),
        ({"vulnerabilities": {"x": {"severity": "high", "range": "<2"}}}, ["x: high (<2)"]),
    ],
)
def test_node_packages(answer: Any, lines: list[str]) -> None:
    assert node_packages(answer) == lines
