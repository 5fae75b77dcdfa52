"""One more output of the gate: what is seen from the side, learned from made-up chests."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra [train]")
pytest.importorskip("onnxscript", reason="needs the extra [train]")

import torch

from data_samples import laterals
from tests import graphs
from tests.training.conftest import SIZE
from training import documents, gate_head, lateral
from training.datasets import index
from training.distance import Distance
from training.export import Graph, facts, write_graph
from training.features import GraphPooler, pooled
from training.heads import Heads
from training.network import Network

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader whose network never learned anything."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("reader")
    write_graph(Graph(Network(2).eval(), Distance.fit(torch.rand(50, 1280))), SIZE, folder / "tiny.onnx")
    documents.write(folder / "tiny.json", graphs.manifest(b"", **facts(folder / "tiny.onnx"), input_size=SIZE))
    return folder / "tiny.json"


def test_two_kinds_are_told_apart_and_one_may_be_rare() -> None:
    random = np.random.default_rng(0)
    frontal, side = random.normal(0, 1, (400, 6)).astype(np.float32), random.normal(0, 1, (20, 6)).astype(np.float32)
    side[:, 2] += 4
    weights, bias = lateral.fit(frontal, side, hold=0.01)
    assert np.argmax(np.abs(weights)) == 2
    assert (frontal @ weights + bias < 0).mean() > 0.95
    assert (side @ weights + bias > 0).mean() > 0.9


def test_who_fits_the_gate_anew_leaves_it_as_it_is(manifest: Path, data: Path, tmp_path: Path) -> None:
    path = lateral.attach(manifest, tmp_path, "2", np.full(1280, 0.01, np.float32), 0.5)
    heads = Heads(path)
    views = gate_head.spoilt_views(index.load(data)[:4])
    weights, biases = gate_head.fit(pooled(GraphPooler(path), views, tmp_path / "cache"), views, heads, 1e-4)
    np.testing.assert_allclose(weights[-1], heads.gate_logits.weights[-1], rtol=1e-5)
    assert biases[-1] == heads.gate_logits.biases[-1]


def test_radiographs_from_the_side_are_judged_apart(data: Path) -> None:
    examples = [each for each in index.load(data) if each.split == "val"][:6]
    mixed = [replace(examples[0], view="L", source="A"), *(replace(each, source="A") for each in examples[1:3])]
    mixed += [replace(each, source="B") for each in examples[3:]]
    found = lateral.kinds(mixed)
    assert {name: len(rows) for name, rows in found.items()} == {
        "A, lateral": 1,
        "A, frontal": 2,
        "B, frontal, validation": 3,
    }


def test_made_up_chests_are_drawn_from_both_sides() -> None:
    shots = dict(laterals.drawn(1, 1))
    assert tuple(shots) == laterals.SHOTS
    assert all(pixels.dtype == np.uint8 and pixels.std() > 10 for pixels in shots.values())
