"""The arithmetic of scripts/installed_size.py; nothing is installed here."""

import json
from pathlib import Path

import pytest

from scripts import installed_size


def put(site_packages: Path, name: str, **files: int) -> None:
    """A distribution of so many bytes a file, beside the record of them."""
    folder = site_packages / f"{name}-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    recorded = [f"{name}_{file}.py" for file in files]
    for path, size in zip(recorded, files.values(), strict=True):
        (site_packages / path).write_bytes(b"\0" * size)
    (folder / "RECORD").write_text("".join(f"{path},,\n" for path in [*recorded, f"{name}_gone.py"]))


def test_megabytes_by_package_largest_first_without_pip(tmp_path: Path) -> None:
    put(tmp_path, "small", one=1_000)
    put(tmp_path, "large", one=3_000_000, two=500_000)  # 3.5 x 10^6 bytes
    put(tmp_path, "pip", one=9_000_000)
    put(tmp_path, "setuptools", one=9_000_000)
    found = installed_size.sizes(tmp_path)
    assert list(found.items()) == [("large", 3.5), ("small", 0.001)]


def test_as_json() -> None:
    found = json.loads(installed_size.as_json({"numpy": 70.04, "hilum": 20.0}))
    assert found == {
        "packages_mb": {"numpy": 70.0, "hilum": 20.0},
        "bars": {"installed_size_mb": {"value": 90.0, "at_most": 650, "holds": True}},
    }


def test_as_text_ends_with_the_sum() -> None:
    assert installed_size.as_text({"numpy": 70.0, "hilum": 20.5}).splitlines()[-1].split() == [
        "in", "sum", "90.5", "MB,", "at", "most", "650",
    ]  # fmt: skip


@pytest.mark.parametrize(("megabytes", "code"), [(650.0, 0), (650.1, 1)])
def test_exit_code(
    megabytes: float, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(installed_size, "install", lambda folder: folder)
    monkeypatch.setattr(installed_size, "sizes", lambda _: {"hilum": megabytes})
    monkeypatch.setattr("sys.argv", ["installed_size.py"])
    assert installed_size.main() == code
    assert "in sum" in capsys.readouterr().out
