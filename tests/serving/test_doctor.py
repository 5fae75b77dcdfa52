from pathlib import Path

import pytest
from click import unstyle

from serving.codec_checks import SYNTAXES, Syntax, decodes
from serving.doctor import Check, examine, report


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
    checks = {check.name: check for check in examine(manifest)}
    assert not checks["weights"].right
    assert checks["weights"].cure
    assert "self-test reading" not in checks
    assert checks["Python"].right
    assert checks["pydicom"].right
    assert set(checks) >= {"memory", "disk", "training (hilum[train])"}


def test_the_report_ends_with_the_verdict() -> None:
    right = Check(name="a", right=True, words="fine", cure="never shown")
    wrong = Check(name="b", right=False, words="broken", cure="mend it")
    assert unstyle(report([right])).endswith("Everything works.")
    told = unstyle(report([right, wrong]))
    assert told.endswith("1 wrong.")
    assert "mend it" in told
    assert "never shown" not in told
