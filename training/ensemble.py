"""Several networks that read as one: the mean of what they say is nearer the truth than what each says.

Networks that were trained on from one and the same, its first blocks frozen, still have those blocks in common. What is
in common is computed once, so that a second network costs less than the first.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from training.network import Network, Outputs

#: Two layers are the same if their outputs differ by no more than this share of the largest of them: so much is changed
#: by storing weights in 16 bits.
SAME = 2e-3


class Ensemble(nn.Module):
    """As a ``Network``; logits, gate and features are means, heatmaps are the first member's."""

    def __init__(self, members: Sequence[Network]) -> None:
        super().__init__()
        for other in members[1:]:
            share(members[0], other)
        self.members = nn.ModuleList(members)

    def forward(self, x: Tensor) -> Outputs:
        seen: dict[nn.Module, Tensor] = {}
        said = []
        for member in self.members:
            assert isinstance(member, Network)
            features = x
            for layer in (member.stem, *member.blocks):
                if layer not in seen:
                    seen[layer] = layer(features)
                features = seen[layer]
            said.append(member.say(features))
        means = {
            name: torch.stack([getattr(each, name) for each in said]).mean(0) for name in ("logits", "gate", "features")
        }
        return said[0]._replace(**means)


@torch.no_grad()
def share(first: Network, other: Network) -> None:
    """Let ``other`` use the layers of ``first``, from the input on, as far as they compute the same."""
    first.eval()
    other.eval()
    x = torch.randn(1, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    for name, ours, theirs in _layers(first, other):
        after, differing = ours(x), theirs(x)
        if after.shape != differing.shape or (after - differing).abs().max() > SAME * after.abs().max():
            return
        if name == "stem":
            other.stem = first.stem
        else:
            other.blocks[int(name)] = ours
        x = after


def _layers(first: Network, other: Network) -> list[tuple[str, nn.Module, nn.Module]]:
    blocks = [(str(i), *pair) for i, pair in enumerate(zip(first.blocks, other.blocks, strict=False))]
    return [("stem", first.stem, other.stem), *blocks]
