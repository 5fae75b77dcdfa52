"""What people write today for the same job: pydicom, torch and MONAI, as their tutorials show it."""

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import torch
from monai.networks.nets import DenseNet121
from monai.visualize import GradCAM
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.pixels.processing import apply_voi_lut

SIDE = 224


def decode(data: bytes) -> NDArray[np.float32]:
    """DICOM bytes to float32 (rows, columns), 0..1."""
    dataset = dcmread(BytesIO(data))
    pixels = apply_voi_lut(dataset.pixel_array, dataset)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        pixels = pixels.max() - pixels
    pixels = pixels.astype(np.float32)
    low, high = pixels.min(), pixels.max()
    return np.asarray((pixels - low) / (high - low), dtype=np.float32)


def prepare(pixels: NDArray[np.float32]) -> torch.Tensor:
    """float32 (1, 1, 224, 224)."""
    return torch.from_numpy(cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA))[None, None]


def reader(findings: int) -> Callable[[bytes, int], torch.Tensor]:
    """DICOM bytes to probabilities and so many heatmaps, by a DenseNet121 with random weights: its time is the same."""
    network = DenseNet121(spatial_dims=2, in_channels=1, out_channels=findings).eval()
    grad_cam = GradCAM(nn_module=network, target_layers="class_layers.relu")

    def read(data: bytes, heatmaps: int) -> torch.Tensor:
        tensor = prepare(decode(data))
        with torch.inference_mode():
            probabilities = torch.sigmoid(network(tensor))
        for finding in range(heatmaps):
            grad_cam(tensor, class_idx=finding)
        return probabilities

    return read
