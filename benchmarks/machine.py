"""The machine that a measurement ran on, and how to keep to one of its cores."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import cv2

PACKAGES = ("numpy", "opencv-python-headless", "onnxruntime", "imagecodecs", "pydicom", "torch", "monai")


def keep_to_one_core() -> None:
    """Call it before anything starts a thread: threads inherit the core."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    cv2.setNumThreads(1)


def machine() -> dict[str, object]:
    """For the report; ``load`` tells how busy others kept the machine (mean number of processes, last minute)."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "cores_used": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
