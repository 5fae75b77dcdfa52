"""What the network is asked to make small."""

from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

from model.gate import TURNS
from training.dataset import Batch
from training.network import Outputs


def masked_bce(logits: Tensor, truth: Tensor) -> Tensor:
    """Binary cross-entropy over what is known: NaN in ``truth`` (same shape) gives no loss. A scalar, 0 if none is."""
    known = truth.isfinite()
    loss = binary_cross_entropy_with_logits(logits, truth.nan_to_num(0.0), reduction="none")
    return (loss * known).sum() / known.sum().clamp(min=1)


def findings(outputs: Outputs, batch: Batch) -> Tensor:
    """The findings beyond what their priors say."""
    return masked_bce(outputs.logits + batch.priors, batch.findings)


def total(outputs: Outputs, batch: Batch, *, gate_weight: float = 0.25) -> Tensor:
    """Findings, plus the gate at ``gate_weight``."""
    turns, flags = outputs.gate[:, : len(TURNS)], outputs.gate[:, len(TURNS) :]
    gate = cross_entropy(turns, batch.turns) + masked_bce(flags, batch.flags)
    return findings(outputs, batch) + gate_weight * gate
