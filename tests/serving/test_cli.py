import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from serving.cli import cli
from serving.file_reading import read_files
from serving.walk import walk
from tests.fakes import STUB_FINDINGS, StubReader
from tests.serving.files import dicom, png


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """b.dcm, notes.txt, sub/a.png and a hidden file."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.dcm").write_bytes(dicom("1.2.3.1"))
    (tmp_path / "notes.txt").write_text("not a radiograph")
    (tmp_path / "sub" / "a.png").write_bytes(png())
    (tmp_path / ".hidden").write_bytes(dicom())
    return tmp_path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_folders_are_walked_in_order_without_hidden_files(folder: Path) -> None:
    found = [(str(path.relative_to(folder)), str(below)) for path, below in walk([folder, folder / "sub" / "a.png"])]
    assert found == [("b.dcm", "b.dcm"), ("notes.txt", "notes.txt"), ("sub/a.png", "sub/a.png"), ("sub/a.png", "a.png")]


def test_json_is_one_object_a_line_and_a_refusal_is_an_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read_files(StubReader(), [folder], as_json=True, heatmaps=None)
    printed = lines(capsys)
    assert [Path(str(line["file"])).name for line in printed] == ["b.dcm", "notes.txt", "a.png"]
    assert [line["sop_instance_uid"] for line in printed] == ["1.2.3.1", None, None]
    read, refused, _ = printed
    assert (read["refusal"], read["reader"]) == (None, "hilum-stub 1.2.3")
    first = read["findings"][0]  # type: ignore[index]
    assert set(first) >= {"name", "probability", "threshold", "present", "code"}
    assert first["code"] == {"scheme": "SCT", "value": "8186001", "meaning": "Cardiomegaly"}
    assert refused["findings"] == []
    assert refused["refusal"]["code"] == "not-dicom"  # type: ignore[index]
    assert "total" in read["timings_ms"]  # type: ignore[operator]


def test_the_table_says_what_is_present_and_what_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read_files(StubReader(), [folder], as_json=False, heatmaps=None)
    printed = capsys.readouterr().out
    assert "● Effusion" in printed
    assert "90 % sensitivity, 71 % specificity" in printed
    assert "REFUSED (not-dicom)" in printed
    assert "no cardiothoracic ratio: stated on PA radiographs only; the view of this one is unknown" in printed  # PNG
    assert printed.rstrip().endswith("AI result, not verified; for review by a radiologist.")


@pytest.mark.parametrize(("threshold", "said"), [(0.65, True), (0.64, False)])
def test_the_table_says_what_is_ruled_out(
    threshold: float, said: bool, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Absent by its first threshold, and below the second.
    monkeypatch.setitem(STUB_FINDINGS, "Cardiomegaly", (0.64, 0.7, False, (0.62, 0.55)))
    read_files(StubReader(rule_out=threshold), [folder / "b.dcm"], as_json=False, heatmaps=None)
    (row,) = (line for line in capsys.readouterr().out.splitlines() if "Cardiomegaly" in line)
    assert row.endswith("ruled out: 98 % sensitivity, 71 % specificity on held-out patients of a stub") == said


def test_overlays_are_written_beside_each_other_by_file_and_finding(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out"
    read_files(StubReader(), [folder / "b.dcm", folder / "sub"], as_json=True, heatmaps=target)
    names = {f"{file}.{finding}.png" for file in ("b.dcm", "a.png") for finding in STUB_FINDINGS}
    assert {path.name for path in target.iterdir()} == names
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in target.iterdir())
    assert lines(capsys)[0]["heatmaps"] == {f: str(target / f"b.dcm.{f}.png") for f in STUB_FINDINGS}


def test_a_file_that_is_too_large_is_refused_unread(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    large = folder / "large.dcm"
    with large.open("wb") as file:
        file.truncate(257 * 2**20)  # sparse: takes no room
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read"))
    assert read_files(StubReader(), [large], as_json=True, heatmaps=None)
    assert lines(capsys)[0]["refusal"]["code"] == "too-large"  # type: ignore[index]


def test_a_reading_that_fails_by_our_fault_is_not_an_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gone.dcm").symlink_to(folder / "nowhere")
    assert not read_files(StubReader(), [folder / "gone.dcm"], as_json=True, heatmaps=None)
    assert lines(capsys)[0]["state"] == "failed"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["read"], "Missing argument"),
        (["read", "/nowhere.dcm"], "does not exist"),
        (["read", "--colour", "x"], "No such option"),
        (["serve", "--port", "x", "--workers", "-1"], "--workers must be a whole number from 0"),
        (["nonsense"], "No such command"),
    ],
)
def test_wrong_usage_exits_2_and_says_why(arguments: list[str], words: str) -> None:
    run = CliRunner().invoke(cli, arguments)
    assert run.exit_code == 2
    assert words in run.output


@pytest.mark.parametrize("by_setting", [False, True], ids=["option", "setting"])
def test_weights_that_do_not_fit_stop_the_command(tmp_path: Path, by_setting: bool) -> None:
    weights, picture = tmp_path / "hilum.json", tmp_path / "a.png"
    weights.write_text("{}")
    picture.write_bytes(png())
    option = [] if by_setting else ["--weights", str(weights)]
    setting = {"HILUM_WEIGHTS": str(weights)} if by_setting else {}
    run = CliRunner().invoke(cli, ["read", *option, str(picture)], env=setting)
    assert run.exit_code == 1
    assert "Error: " in run.output
    assert "Traceback" not in run.output


def test_commands_of_other_layers_are_listed_without_being_loaded() -> None:
    run = CliRunner().invoke(cli, ["--help"])
    assert run.exit_code == 0
    for command in ("serve", "read", "doctor", "train", "evaluate", "calibrate", "export", "quantize"):
        assert f"\n  {command} " in run.output


def test_every_setting_is_an_option_of_serve_with_its_variable() -> None:
    from serving.settings import settings_table, variable

    shown = CliRunner().invoke(cli, ["serve", "--help"], terminal_width=300).output
    for item in settings_table():
        assert "--" + item.name.replace("_", "-") in shown
        assert variable(item.name) in shown
