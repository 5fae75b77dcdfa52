from pathlib import Path

import pytest

from model.errors import Misconfigured
from serving.cli import read_settings
from serving.settings import Settings, bounds, make_settings, settings_table, variable

DOCS = Path("docs/settings.md")


def table() -> str:
    """The table of docs/settings.md; `python -m tests.serving.test_settings` writes it."""
    rows = ["| setting | environment | must be | unless told | what |", "|---|---|---|---|---|"]
    for item in settings_table():
        unit = f", {item.metadata['unit']}" if item.metadata["unit"] else ""
        default = "" if item.default is None else f"`{item.default}`"
        name = f"`{item.name}` | `{variable(item.name)}`"
        rows.append(f"| {name} | {bounds(item)}{unit} | {default} | {item.metadata['help']} |")
    return "\n".join(rows) + "\n"


def test_the_documentation_has_exactly_the_table() -> None:
    written = DOCS.read_text(encoding="utf-8")
    assert written[written.index("| setting ") :] == table()


def test_every_setting_has_help_and_a_default_that_fits() -> None:
    for item in settings_table():
        assert item.metadata["help"].endswith("."), item.name
        if item.default is not None:
            assert make_settings({item.name: (item.name, item.default)}) == Settings()


@pytest.mark.parametrize(
    ("value", "fits"),
    [(0, True), ("0", True), (65535, True), (65536, False), (-1, False), ("80a", False), (True, False), (8.5, False)],
)
def test_a_port_is_a_whole_number_from_0_to_65535(value: object, fits: bool) -> None:
    if fits:
        assert make_settings({"port": ("--port", value)}).port == int(str(value))
    else:
        with pytest.raises(Misconfigured, match=r"--port must be a whole number from 0 to 65535, not "):
            make_settings({"port": ("--port", value)})


def test_all_errors_are_told_at_once() -> None:
    with pytest.raises(Misconfigured) as caught:
        make_settings(
            {"port": ("HILUM_PORT", "x"), "workers": ("HILUM_WORKERS", -1), "colour": ("HILUM_COLOUR", "red")}
        )
    lines = str(caught.value).splitlines()
    assert [line.split()[0] for line in lines] == ["HILUM_PORT", "HILUM_WORKERS", "HILUM_COLOUR"]


def test_the_command_line_wins_over_the_environment_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "hilum.toml"
    file.write_text('port = 1\nworkers = 1\nqueue_length = 7\nsamples = "there"')
    monkeypatch.setenv("HILUM_CONFIG", str(file))
    monkeypatch.setenv("HILUM_PORT", "2")
    monkeypatch.setenv("HILUM_WORKERS", "2")
    settings = read_settings(None, {"port": "3", "workers": None})
    assert (settings.port, settings.workers, settings.queue_length) == (3, 2, 7)
    assert settings.samples == Path("there")


@pytest.mark.parametrize("content", [None, b"port = ", b"\xff"])
def test_a_file_that_cannot_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "hilum.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Misconfigured, match=r"hilum.toml must be a TOML file"):
        read_settings(str(file), {})


if __name__ == "__main__":
    written = DOCS.read_text(encoding="utf-8")
    DOCS.write_text(written.partition("| setting ")[0] + table(), encoding="utf-8")
