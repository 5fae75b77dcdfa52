"""What the network is asked to make small."""

from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from model.gate import TURNS
from training.dataset import Batch
from training.network import Outputs, mean_odds

#: What the gate and the boxes count for beside the findings.
GATE, BOXES = 0.25, 0.1


def masked_bce(logits: Tensor, truth: Tensor) -> Tensor:
    """Binary cross-entropy over what is known: NaN in ``truth`` (same shape) gives no loss. A scalar, 0 if none is."""
    known = truth.isfinite()
    loss = binary_cross_entropy_with_logits(logits, truth.nan_to_num(0.0), reduction="none")
    return (loss * known).sum() / known.sum().clamp(min=1)


def findings(outputs: Outputs, batch: Batch) -> Tensor:
    """The findings beyond what their priors say."""
    return masked_bce(outputs.logits + batch.priors, batch.findings)


def gate(outputs: Outputs, batch: Batch) -> Tensor:
    turns, flags = outputs.gate[:, : len(TURNS)], outputs.gate[:, len(TURNS) :]
    return cross_entropy(turns, batch.turns) + masked_bce(flags, batch.flags)


def outside(maps: Tensor, boxes: Tensor) -> Tensor:
    """How much of a finding's local odds lies outside its boxes: minus the logarithm of the share inside.

    ``boxes`` (B, F, h, w) is the share of each cell that is inside; nowhere gives no loss. A scalar.
    """
    inside = (maps.flatten(2).softmax(2) * boxes.flatten(2)).sum(2)
    known = boxes.flatten(2).amax(2) > 0
    return -(inside.clamp(min=1e-6).log() * known).sum() / known.sum().clamp(min=1)


def places(outputs: Outputs, batch: Batch) -> Tensor:
    """The heatmaps: together they must say what is present, and lie inside the boxes where there are any."""
    present = masked_bce(mean_odds(outputs.maps) + batch.priors, batch.findings)
    return present + BOXES * outside(outputs.maps, batch.places)


def total(outputs: Outputs, batch: Batch) -> Tensor:
    """Findings, heatmaps (which learn by themselves) and the gate."""
    return findings(outputs, batch) + places(outputs, batch) + GATE * gate(outputs, batch)
