"""The service must run where torch, MONAI and training cannot be imported: also at run time, not only by the linter."""

import subprocess
import sys

PROGRAM = """
import sys

class Forbidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "torchvision", "monai", "training"}:
            raise ImportError(f"{name} must not be imported by the service")

sys.meta_path.insert(0, Forbidden())

import serving.cli, serving.doctor, serving.file_reading, serving.running
import data_samples
from model import Reader
from pathlib import Path
from tests.serving.live import live

sample = Path(data_samples.__file__).with_name("normal_pa.dcm").read_bytes()
with live(Reader.load()) as client:
    answer = client.post("/api/instances?wait=60", files={"f": sample})
    print(answer.json()["instances"][0]["reading"]["state"])
try:
    import torch
except ImportError:
    print("torch is forbidden")
"""


def test_a_dicom_is_read_where_torch_cannot_be_imported() -> None:
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False)
    assert run.stdout.split("\n")[:2] == ["read", "torch is forbidden"], run.stderr
