"""The image, built for real and without Docker, and what a container of it would run, as its user, on loopback only."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGTERM
from typing import Any

import httpx
import pytest

import data_samples

ROOT = Path(__file__).parents[2]
SAMPLE = Path(data_samples.__file__).with_name("effusion_pa.dcm")
UID = 10001
PORT, DIMSE_PORT = 18473, 18474
LIMIT_MB = 800
_PATIENCE = 60.0
# $$ is hilum's own number then; chroot gives no processes of its own.
_SERVE = 'echo "process $$" && exec "$@"'
_OPTIONS = ["--host=127.0.0.1", f"--port={PORT}", "--workers=1"]
_OPTIONS += ["--dimse-host=127.0.0.1", f"--dimse-port={DIMSE_PORT}"]

pytestmark = [
    pytest.mark.timeout(900),  # the first one waits for the image to be built
    pytest.mark.skipif(
        not {"CI", "IMAGE"} & os.environ.keys(), reason="takes minutes and 2 GB of disk: `make image`, and CI"
    ),
    pytest.mark.skipif(
        os.geteuid() != 0 or shutil.which("apt-get") is None, reason="needs root on Debian: debootstrap, chroot"
    ),
]


class Container:
    """One that buildah made from the image; its /data lives as long as it does."""

    def __init__(self, images: Path) -> None:
        self._environ = {**os.environ, "IMAGES": str(images)}
        self.name = self.buildah("from", "--pull-never", "localhost/hilum")

    def buildah(self, *arguments: str) -> str:
        return subprocess.run(
            [ROOT / "scripts" / "buildah", *arguments], env=self._environ, stdout=subprocess.PIPE, text=True, check=True
        ).stdout.strip()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        words = [ROOT / "scripts" / "buildah", "run", self.name, "--", *command]
        return subprocess.run(words, env=self._environ, capture_output=True, text=True, check=False)

    @contextmanager
    def serving(self, log: Path, *options: str) -> Iterator[int]:
        """Its command with everything on loopback; the number of the process, which is asked to end at the end."""
        words = [ROOT / "scripts" / "buildah", "run", self.name, "--", "sh", "-c", _SERVE, "sh", "hilum", "serve"]
        words += [*_OPTIONS, *options]
        with log.open("w") as file, subprocess.Popen(words, env=self._environ, stdout=file) as process:
            number = 0
            try:
                number = int(wait_for(lambda: re.search(r"process (\d+)", log.read_text()))[1])
                yield number
            finally:
                with suppress(ProcessLookupError):
                    os.kill(number or process.pid, SIGTERM)
                assert process.wait(_PATIENCE) == 0


def wait_for(look: Callable[[], Any]) -> Any:
    """What ``look`` gives, once that is something."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(httpx.TransportError):
            if found := look():
                return found
        time.sleep(0.1)
    raise AssertionError("it did not come")


def answer(path: str) -> httpx.Response | None:
    got = httpx.get(f"http://127.0.0.1:{PORT}{path}")
    return got if got.status_code == 200 else None


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    images = tmp_path_factory.mktemp("images")
    environ = {**os.environ, "IMAGES": str(images), "BASE": "localhost/hilum-base"}
    try:
        subprocess.run([ROOT / "scripts" / "base-image"], env=environ, check=True)
        started = time.monotonic()
        subprocess.run([ROOT / "scripts" / "build-image"], env=environ, check=True)
        print(f"\nbuilt in {time.monotonic() - started:.0f} s")
        yield Container(images)
    finally:
        shutil.rmtree(images)


def test_it_serves_reads_ends_when_asked_and_keeps_what_it_received(container: Container, tmp_path: Path) -> None:
    here = f"http://127.0.0.1:{PORT}"
    with container.serving(tmp_path / "first", "--demo") as number:
        started = time.monotonic()
        ready = wait_for(lambda: answer("/readyz")).json()
        print(f"\nready after {time.monotonic() - started:.1f} s: {ready}")
        assert Path(f"/proc/{number}").stat().st_uid == UID
        script = re.search(r'/viewer/assets/[^"]+\.js', wait_for(lambda: answer("/")).text)
        assert script
        assert answer(script[0])
        read = httpx.post(f"{here}/api/instances?wait=60", files={"f": SAMPLE.read_bytes()}, timeout=_PATIENCE).json()
        assert read["instances"][0]["reading"]["state"] == "read"
    with container.serving(tmp_path / "second", "--demo"):
        location = read["instances"][0]["location"]
        assert wait_for(lambda: answer(location)).json()["reading_id"] == read["instances"][0]["reading"]["reading_id"]


@pytest.mark.parametrize("hosts", ["localhost", "hilum.example.org,localhost", "*"])
def test_the_health_check_asks_in_the_name_of_an_allowed_host(container: Container, tmp_path: Path, hosts: str) -> None:
    asked = ["env", f"HILUM_PORT={PORT}", f"HILUM_ALLOWED_HOSTS={hosts}", "python3", "/opt/hilum/healthy.py"]
    assert container.run(*asked).returncode == 1
    with container.serving(tmp_path / "log", f"--allowed-hosts={hosts}"):
        assert wait_for(lambda: container.run(*asked).returncode == 0)
        echo = ["python3", "-m", "pynetdicom", "echoscu", "127.0.0.1", str(DIMSE_PORT), "-aec", "HILUM"]
        assert wait_for(lambda: container.run(*echo).returncode == 0)


@pytest.mark.parametrize(
    "command", ["python3 -c 'import torch'", "python3 -m pip", "node --version", "gcc --version", "test -w /opt"]
)
def test_what_it_must_not_hold_or_allow(container: Container, command: str) -> None:
    assert container.run("true").returncode == 0
    assert container.run("sh", "-c", command).returncode != 0


def test_it_writes_in_its_data_folder_only(container: Container) -> None:
    root = Path(container.buildah("mount", container.name))
    written = [
        path for path in root.rglob("*") if path.lstat().st_uid == UID and path.relative_to(root).parts[0] != "data"
    ]
    assert written == []
    for secret in ("etc/pip.conf", "root/.npmrc", "run/secrets/certificates"):
        assert not (root / secret).exists()


def test_it_says_what_is_in_it(container: Container) -> None:
    """Each package that is installed, in the version that is pinned, is in its bill of materials."""
    root = Path(container.buildah("mount", container.name))
    named = {one["purl"] for one in json.loads((root / "opt/hilum/sbom.cdx.json").read_text())["components"]}
    installed = [path.name.removesuffix(".dist-info") for path in (root / "opt/hilum").rglob("*.dist-info")]
    purls = {"pkg:pypi/{}@{}".format(*name.lower().replace("_", "-").rsplit("-", 1)) for name in installed}
    assert len(purls) > 40
    assert {one for one in purls - named if not one.startswith("pkg:pypi/hilum@")} == set()


def test_what_it_declares(container: Container) -> None:
    declared = json.loads(container.buildah("inspect", "--type", "image", "localhost/hilum"))["Docker"]["config"]
    assert declared["User"] == f"{UID}:{UID}"
    assert set(declared["ExposedPorts"]) == {"8000/tcp", "11112/tcp"}
    assert set(declared["Volumes"]) == {"/data"}
    assert declared["Healthcheck"]["Test"] == ["CMD", "python3", "/opt/hilum/healthy.py"]
    assert declared["StopSignal"] in {"SIGTERM", "15"}


def test_it_is_small(container: Container) -> None:
    root = Path(container.buildah("mount", container.name))
    megabytes = sum(path.lstat().st_size for path in root.rglob("*") if not path.is_dir()) / 1e6
    print(f"\nthe image is {megabytes:.0f} MB")
    assert megabytes <= LIMIT_MB
