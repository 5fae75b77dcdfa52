import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click import unstyle
from click.testing import CliRunner

from serving.checks import Check, Level
from serving.cli import cli
from serving.codec_checks import SYNTAXES, Syntax, decodes
from serving.database_checks import backup_age, drift
from serving.doctor import c_store_check, examine, report, report_json
from serving.place_checks import inodes, permissions, risks
from serving.service_checks import service_checks
from serving.settings import Settings, settings_table
from serving.store import chain
from serving.store import destinations as stored
from serving.store.audit import Act, Action, note_alone
from serving.store.objects import ANCHOR_NAME
from serving.who import service
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
        until(lambda: all(check.level is not Level.WRONG for check in service_checks(settings)))
        warned = [check.name for check in service_checks(settings) if check.level is Level.WARN]
        assert warned == ["backup"]
        note_alone(store, Act(who=service("backup"), action=Action.BACKED_UP))
        until(lambda: all(check.right for check in service_checks(settings)))
        names = [check.name for check in service_checks(settings)]
    looked_at = ["tables", "time", "audit trail", "backup"]
    assert names == ["database", "object store", "workers", "queue", "dead letters", *looked_at]


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


def test_a_warning_is_no_failure() -> None:
    mild = Check(name="c", right=False, words="soon", cure="renew it", mild=True)
    told = unstyle(report([mild]))
    assert "warn  c" in told
    assert told.endswith("Everything works. 1 to look at.")
    told = json.loads(report_json([mild, Check(name="a", right=True, words="fine", cure="never shown")]))
    assert told == {
        "verdict": "warn",
        "checks": [
            {"name": "c", "level": "warn", "words": "soon", "cure": "renew it"},
            {"name": "a", "level": "ok", "words": "fine", "cure": ""},
        ],
    }


@pytest.mark.parametrize(
    ("check", "level"),
    [
        (inodes(50, 1000), Level.OK),  # 5 %
        (inodes(49, 1000), Level.WARN),
        (inodes(0, 1000), Level.WRONG),
        (inodes(0, 0), Level.OK),  # btrfs counts none
        (drift(1.9, 0.0), Level.OK),
        (drift(-2.5, 0.0), Level.WARN),
        (drift(2.5, 2.0), Level.OK),  # within what asking took
        (drift(61.0, 0.0), Level.WRONG),
        (backup_age(None), Level.WARN),
        (backup_age(6.9 * 86400), Level.OK),
        (backup_age(7.1 * 86400), Level.WARN),
    ],
)
def test_what_was_measured_is_judged(check: Check, level: Level) -> None:
    assert check.level is level
    assert check.cure


@pytest.mark.parametrize(
    ("mode", "level"), [(0o700, Level.OK), (0o750, Level.OK), (0o755, Level.WARN), (0o770, Level.WARN)]
)
def test_a_data_folder_that_others_may_look_into_is_found(tmp_path: Path, mode: int, level: Level) -> None:
    tmp_path.chmod(mode)
    assert permissions(tmp_path).level is level


_RISKS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"demo": True}, ["HILUM_DEMO lets anybody"]),
    ({"host": "0.0.0.0", "allowed_hosts": "*"}, ["HTTP at 0.0.0.0 is not", "HILUM_ALLOWED_HOSTS allows every Host"]),
    ({"dimse_host": "0.0.0.0"}, ["DICOM at 0.0.0.0 is not encrypted"]),
    ({"dimse_host": "0.0.0.0", "dimse_port": 0}, []),
    ({"destinations": "a=http://192.0.2.1/,b=https://192.0.2.1/,c=http://127.0.0.1/"}, ["destination a is reached"]),
    (
        {"destinations": "a=dicom://PACS@192.0.2.1:104", "priors": "dicom://PACS@192.0.2.1:104"},
        ["destination a", "HILUM_PRI"],
    ),
    ({"audit_syslog": "udp://192.0.2.1"}, ["HILUM_AUDIT_SYSLOG is reached without encryption (udp)"]),
    ({"audit_syslog": "tls://192.0.2.1"}, []),
    ({"database_url": "postgresql://u:p@192.0.2.1/h"}, ["the database is reached without demanding encryption"]),
    ({"database_url": "postgresql://u:p@192.0.2.1/h?sslmode=verify-full"}, []),
    ({"database_url": "postgresql:///h?host=/tmp"}, []),
]


@pytest.mark.parametrize(("changes", "words"), _RISKS)
def test_settings_that_let_others_in_are_warned_of(changes: dict[str, Any], words: list[str]) -> None:
    found = list(risks(Settings(**changes)))
    assert len(found) == len(words)
    for check, expected in zip(found, words, strict=True):
        assert expected in check.words
        assert (check.level, bool(check.cure)) == (Level.WARN, True)


def test_a_broken_audit_trail_is_found() -> None:
    with new_store() as (settings, store):
        note_alone(store, Act(who=service("test"), action=Action.STARTED))
        chain.chain_all(store)
        store.objects.put(ANCHOR_NAME, json.dumps({"position": 7, "hash": "1" * 64}).encode())  # it was longer
        found = {check.name: check for check in service_checks(settings)}["audit trail"]
        assert found.level is Level.WRONG
        assert "position 7 must have the hash" in found.words


def test_who_is_away_is_found(tmp_path: Path) -> None:
    away = {
        "priors": "dicom://NOBODY@127.0.0.1:9",
        "audit_syslog": "tcp://127.0.0.1:9",
        "destinations": f"here=file://{tmp_path},away=http://127.0.0.1:9/",
    }
    with new_store(**away) as (settings, _):
        found = {check.name: check.level for check in service_checks(settings)}
    names = ("archive of priors", "audit collector", "destination away")
    assert [found[name] for name in names] == [Level.WRONG] * 3
    assert found["destination here"] is Level.OK


def _planted(tmp_path: Path) -> dict[str, Any]:
    """A secret in every setting that may hold one."""
    planted = {
        "webhook_secret": "S3CRET-webhook",
        "oidc_client_secret": "S3CRET-oidc",
        "send_key": "S3CRET-send",
        "destinations": "a=http://u:S3CRET-url@127.0.0.1:9/,b=stow+http://u:S3CRET-stow@127.0.0.1:9/",
        "priors": "dicomweb+http://u:S3CRET-priors@127.0.0.1:9/",
        "audit_syslog": "tcp://127.0.0.1:9",
    }
    return {"data": tmp_path, **planted}


def test_no_secret_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {item.name for item in settings_table() if item.metadata["secret"]}
    assert kept - {"database_url"} <= _planted(tmp_path).keys(), "plant one in the new setting, too"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "S3CRET-aws")
    with new_store(**_planted(tmp_path)) as (settings, store):
        definition = {"url": "http://u:S3CRET-kept@127.0.0.1:9/", "presentations": [], "urgent_only": False}
        stored.keep(store, "kept", definition, "S3CRET-bearer", has_secret=True, who=service("test"))
        shown = [report(examine(settings)), report_json(examine(settings))]
    gone = replace(settings, database_url="postgresql://u:S3CRET-database@127.0.0.1:9/h", object_store="s3://none")
    shown += [report(examine(gone)), report_json(examine(gone))]
    environment = {f"HILUM_{name.upper()}": str(value) for name, value in _planted(tmp_path).items()}
    wrong = {"HILUM_PORT": "x", "HILUM_DATABASE_URL": "postgresql://u:S3CRET-database@[/h"}
    for command in ("doctor", "check-config"):
        shown.append(CliRunner().invoke(cli, [command], env=environment | wrong).output)
    assert all(len(text) > 20 for text in shown)
    assert not any("S3CRET" in text for text in shown)
