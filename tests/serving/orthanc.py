"""Debian's Orthanc, started and killed as one likes. It listens on every address: use it in a network namespace."""

import json
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

DIMSE, HTTP = 4242, 8042
_NAMESPACE = ("unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
_PLUGINS = Path("/usr/share/orthanc/plugins")
#: Of Debian's packages orthanc-dicomweb and, where it is installed, orthanc-gdcm, which decodes JPEG 2000 for it.
DICOM_WEB_PLUGIN, _GDCM_PLUGIN = _PLUGINS / "libOrthancDicomWeb.so", _PLUGINS / "libOrthancGdcm.so"


def is_possible() -> bool:
    """Can Orthanc be run here, in a network namespace of its own?"""
    if os.geteuid() != 0 or not all(shutil.which(program) for program in ("Orthanc", "unshare", "ip")):
        return False
    return subprocess.run(alone("true"), capture_output=True, check=False).returncode == 0


def alone(program: str) -> list[str]:
    """A shell's command that runs where nothing of this machine's network is, and takes all it starts with it."""
    return [*_NAMESPACE, "sh", "-c", f"ip link set lo up && exec {program}"]


def until(done: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.1)
    return found


class Orthanc:
    """Orthanc with what is in its folder; ``settings`` are of its orthanc.json, ``lua`` is a script of its own."""

    def __init__(self, folder: Path, lua: str = "", **settings: Any) -> None:
        self._folder = folder
        self.ended_by_itself = 0
        (folder / "forward.lua").write_text(lua)
        usual = {
            "DicomAet": "ORTHANC", "DicomPort": DIMSE, "HttpPort": HTTP, "StorageDirectory": str(folder / "db"),
            "IndexDirectory": str(folder / "db"), "LuaScripts": [str(folder / "forward.lua")], "JobsHistorySize": 100,
            "DicomAlwaysAllowStore": True, "DicomCheckCalledAet": True, "SaveJobs": True,
            "Plugins": [str(one) for one in (DICOM_WEB_PLUGIN, _GDCM_PLUGIN) if one.exists()],
            "DefaultEncoding": "Utf8",
            "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "StudiesMetadata": "Full", "SeriesMetadata": "Full"},
        }  # fmt: skip
        (folder / "orthanc.json").write_text(json.dumps(usual | settings))
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{HTTP}", timeout=30, trust_env=False)
        self.dicom_web = f"http://127.0.0.1:{HTTP}/dicom-web"

    def start(self) -> None:
        with (self._folder / "log").open("a") as log:
            program = shutil.which("Orthanc") or "Orthanc"
            self._running = subprocess.Popen([program, str(self._folder / "orthanc.json")], stdout=log, stderr=log)
        until(self._answers)

    def stop(self) -> None:
        self._running.terminate()
        self._running.wait(20)

    def kill(self) -> None:
        """As when the power goes."""
        self._running.kill()
        self._running.wait(20)

    def revive(self) -> bool:
        """Start it again if it ended by itself; whether it had."""
        if self._answers():
            return False
        self._running.wait(20)
        self.ended_by_itself += 1
        self.start()
        return True

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()
        self.client.close()

    @property
    def version(self) -> str:
        return str(self.client.get("/system").json()["Version"])

    @property
    def held(self) -> int:
        """Instances that it has."""
        return len(self.client.get("/instances").json())

    def content(self) -> dict[str, Any]:
        """What it holds: studies, modalities of the instances, and the hash of each instance."""
        classes: Counter[str] = Counter()
        hashes = {}
        for one in self.client.get("/instances").json():
            tags = self.client.get(f"/instances/{one}/simplified-tags").json()
            classes[tags["Modality"]] += 1
            hashes[tags["SOPInstanceUID"]] = self.client.get(f"/instances/{one}/attachments/dicom/md5").text
        studies = self.client.get("/studies?expand").json()
        return {
            "studies": len(studies),
            "names": [study["PatientMainDicomTags"]["PatientName"] for study in studies],
            "classes": dict(classes),
            "hashes": hashes,
        }

    def _answers(self) -> bool:
        try:
            return self.client.get("/system").is_success
        except httpx.HTTPError:
            return False
