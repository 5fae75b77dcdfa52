"""How far a radiograph is from what the network was trained on (Mahalanobis; Lee et al., 2018, arXiv 1807.03888)."""

from typing import Self

import torch
from torch import Tensor, nn

#: Directions of the pooled features that are looked at, those in which training images vary most.
COMPONENTS = 256
#: Pooled features are 0 or more with a long tail; their logarithm is what a mean and a variance can describe.
SMALLEST = 0.01


class Distance(nn.Module):
    """Pooled features (B, D), 0 or more -> distance (B,), about 1 for a typical training image."""

    mean: Tensor
    axes: Tensor
    variances: Tensor

    def __init__(self, features: int, components: int = COMPONENTS) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("axes", torch.zeros(features, components))
        self.register_buffer("variances", torch.ones(components))

    @classmethod
    def fit(cls, features: Tensor, components: int = COMPONENTS) -> Self:
        """From features (N, D) of training images; fewer directions if there are fewer than two images for each."""
        count, width = features.shape
        components = min(components, count // 2)
        distance = cls(width, components)
        logarithms = (features.double() + SMALLEST).log()
        mean = logarithms.mean(0)
        _, singular, axes = torch.linalg.svd(logarithms - mean, full_matrices=False)
        variances = singular.square() / (count - 1)
        # Enlarged by the mean variance of the other directions: few images estimate small variances as too small.
        rest = variances[components:].sum() / (width - components)
        distance.mean.copy_(mean)
        distance.axes.copy_(axes[:components].T)
        distance.variances.copy_(variances[:components] + rest)
        return distance

    def forward(self, features: Tensor) -> Tensor:
        along = ((features + SMALLEST).log() - self.mean) @ self.axes
        return (along.square() / self.variances).mean(1).sqrt()
