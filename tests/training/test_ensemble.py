"""Several networks that read as one."""

import copy

import pytest

torch = pytest.importorskip("torch", reason="needs the extra [train]")

from training.ensemble import Ensemble
from training.network import Network

pytestmark = pytest.mark.torch


def network(seed: int) -> Network:
    torch.manual_seed(seed)
    return Network(2).eval()


def trained_on(first: Network, frozen: int) -> Network:
    """As if ``first`` had been trained on, its stem and ``frozen`` blocks kept."""
    other = copy.deepcopy(first)
    for block in other.blocks[frozen:]:
        for parameter in block.parameters():
            parameter.data.mul_(2)
    return other


@torch.inference_mode()
def test_an_ensemble_says_the_mean() -> None:
    members = [network(0), network(1)]
    x = torch.randn(2, 1, 64, 96)
    alone = [member(x) for member in members]
    together = Ensemble(members)(x)
    torch.testing.assert_close(together.logits, (alone[0].logits + alone[1].logits) / 2)
    torch.testing.assert_close(together.gate, (alone[0].gate + alone[1].gate) / 2)
    torch.testing.assert_close(together.maps, alone[0].maps)
    torch.testing.assert_close(together.features, (alone[0].features + alone[1].features) / 2)


@pytest.mark.parametrize("frozen", [0, 4, 21])
def test_what_members_have_in_common_is_computed_once(frozen: int) -> None:
    first = network(0)
    other = trained_on(first, frozen)
    x = torch.randn(1, 1, 64, 64)
    with torch.inference_mode():
        before = other(x).logits
    both = Ensemble([first, other])
    assert other.stem is first.stem
    assert [ours is theirs for ours, theirs in zip(first.blocks, other.blocks, strict=True)] == (
        [True] * frozen + [False] * (21 - frozen)
    )
    calls = []
    first.stem.register_forward_hook(lambda *_: calls.append(1))
    with torch.inference_mode():
        torch.testing.assert_close(both(x).logits, (first(x).logits + before) / 2)
    assert len(calls) == 2  # once for both together, once for the first alone
