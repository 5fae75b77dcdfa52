"""How far a radiograph is from what the network was trained on (Mahalanobis; Lee et al., 2018, arXiv 1807.03888)."""

from typing import Self

import torch
from torch import Tensor, nn

#: Directions of the pooled features that get a variance of their own; the rest share one.
COMPONENTS = 256


class Distance(nn.Module):
    """Pooled features (B, D) -> distance (B,), about 1 for a typical training image."""

    mean: Tensor
    axes: Tensor
    variances: Tensor
    rest: Tensor

    def __init__(self, features: int, components: int = COMPONENTS) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("axes", torch.zeros(features, components))
        self.register_buffer("variances", torch.ones(components))
        self.register_buffer("rest", torch.ones(()))

    @classmethod
    def fit(cls, features: Tensor, components: int = COMPONENTS) -> Self:
        """From features (N, D) of training images; fewer directions if there are fewer than two images for each."""
        count, width = features.shape
        components = min(components, count // 2)
        distance = cls(width, components)
        mean = features.double().mean(0)
        _, singular, axes = torch.linalg.svd(features.double() - mean, full_matrices=False)
        variances = singular.square() / (count - 1)
        rest = variances[components:].sum() / (width - components)
        distance.mean.copy_(mean)
        distance.axes.copy_(axes[:components].T)
        # Shrunk by the shared variance: few images estimate small variances as too small.
        distance.variances.copy_(variances[:components] + rest)
        distance.rest.copy_(rest)
        return distance

    def forward(self, features: Tensor) -> Tensor:
        away = features - self.mean
        along = away @ self.axes
        explained = (along.square() / self.variances).sum(1)
        unexplained = (away.square().sum(1) - along.square().sum(1)).clamp(min=0) / self.rest
        return ((explained + unexplained) / self.mean.numel()).sqrt()
