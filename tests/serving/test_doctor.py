from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click import unstyle

from serving.checks import Check
from serving.codec_checks import SYNTAXES, Syntax, decodes
from serving.doctor import c_store_check, examine, report
from serving.service_checks import service_checks
from serving.settings import Settings
from tests.fakes import StubReader
from tests.serving.live import new_store, working
from tests.serving.test_worker import until


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda syntax: syntax.name)
def test_every_syntax_decodes_here(syntax: Syntax) -> None:
    assert decodes(syntax) is None


def test_a_syntax_that_decodes_to_other_values_is_found() -> None:
    lossy = next(syntax for syntax in SYNTAXES if syntax.tolerance)
    strict = Syntax(uid=lossy.uid, bits=lossy.bits, encode=lossy.encode, tolerance=-1.0)
    assert "decodes to other values" in str(decodes(strict))


def test_broken_weights_are_found_with_a_cure(tmp_path: Path) -> None:
    manifest = tmp_path / "hilum.json"
    manifest.write_text("{}")
    checks = {check.name: check for check in examine(Settings(weights=manifest, data=tmp_path))}
    assert not checks["weights"].right
    assert checks["weights"].cure
    assert "self-test reading" not in checks
    assert checks["Python"].right
    assert checks["pydicom"].right
    assert set(checks) >= {"memory", "disk", "training (hilum[train])"}
    assert "not running now" in checks["database"].words


def test_a_service_that_works_is_found_to_work() -> None:
    with new_store() as (settings, store), working(settings, store, StubReader()):
        until(lambda: all(check.right for check in service_checks(settings)))
        names = [check.name for check in service_checks(settings)]
    assert names == ["database", "object store", "workers", "queue", "dead letters"]


def test_what_is_missing_is_found_with_a_cure(tmp_path: Path) -> None:
    with new_store() as (settings, _):
        workers = {check.name: check for check in service_checks(settings)}["workers"]
        assert (workers.right, bool(workers.cure)) == (False, True)
    (gone,) = service_checks(Settings(database_url=f"postgresql:///x?host={tmp_path}", data=tmp_path))
    assert (gone.name, gone.right) == ("database", False)
    with new_store() as (settings, _):
        (tmp_path / "file").write_bytes(b"no folder")
        elsewhere = replace(settings, object_store=f"file://{tmp_path}/file")
        wrong = [check.name for check in service_checks(elsewhere) if not check.right]
        assert wrong[0] in {"object store", "service"}


@pytest.mark.parametrize(
    ("changes", "right", "words"),
    [
        ({}, True, "127.0.0.1:11112 serves everybody"),
        ({"dimse_host": "0.0.0.0"}, False, "0.0.0.0:11112 serves everybody"),
        ({"dimse_host": "0.0.0.0", "peers": "CR1,PACS@192.0.2.1"}, True, "0.0.0.0:11112 serves 2 peers"),
        ({"peers": "@"}, False, "HILUM_PEERS must list"),
        ({"dimse_port": 0}, True, "not listened for"),
    ],
)
def test_who_may_send_is_said(changes: dict[str, Any], right: bool, words: str) -> None:
    check = c_store_check(Settings(**changes))
    assert check.right is right
    assert words in check.words


def test_the_report_ends_with_the_verdict() -> None:
    right = Check(name="a", right=True, words="fine", cure="never shown")
    wrong = Check(name="b", right=False, words="broken", cure="mend it")
    assert unstyle(report([right])).endswith("Everything works.")
    told = unstyle(report([right, wrong]))
    assert told.endswith("1 wrong.")
    assert "mend it" in told
    assert "never shown" not in told
