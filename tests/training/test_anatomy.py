"""Outlines: what masks say, what is learned from a part of them, and the decoder as a part of a reader's graph."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("onnxscript", reason="needs the extra [train]")

import onnx
import torch

from model.radiograph import Radiograph
from model.reader import DRAWN, Reader
from model.reading import STRUCTURES
from tests import chests, graphs
from tests.fakes import StubReader
from training import documents, levels
from training.anatomy.attach import attach
from training.anatomy.card import section
from training.anatomy.decoder import CELL, Decoder, loss
from training.anatomy.learn import sure
from training.anatomy.measure import compare, summary
from training.anatomy.outlines import UNKNOWN, Outlined, behind_the_heart_too, known, sides
from training.anatomy.pool import changed
from training.anatomy.tile import HEIGHT, tile
from training.distance import Distance
from training.export import Graph, facts, write_graph
from training.network import Network

SIZE = 64
RIGHT, LEFT, HEART = range(3)


def outlined(truth: NDArray[np.uint8]) -> Outlined:
    pixels = np.random.default_rng(0).integers(0, 255, truth.shape[1:], np.uint8)
    return Outlined(name="a", source="S", split="test", patient="p", pixels=pixels, truth=truth)


# --- what masks say ---


def test_all_three_are_known() -> None:
    masks = dict(zip(STRUCTURES, chests.masks(), strict=True))
    truth = known(masks)
    assert truth is not None
    np.testing.assert_array_equal(truth, chests.masks())


def test_sides_are_told_apart_by_where_they_lie() -> None:
    right, left, _ = chests.masks()
    pair = sides(left | right)
    assert pair is not None
    np.testing.assert_array_equal(pair, [right, left])
    assert sides(right) is None
    assert known({"lung": right}) is None


def test_lungs_drawn_through_the_heart_are_known_outside() -> None:
    right, left, _ = chests.masks()
    truth = behind_the_heart_too(right | left)
    assert truth is not None
    # The right lung's columns are 4 to 16: the outer 40 % end at 8.8, the rest may be heart. Outside is outside.
    assert truth[RIGHT, 20].tolist() == [0] * 4 + [1] * 4 + [UNKNOWN] * 8 + [0] * 24
    assert truth[LEFT, 20, 35] == 1
    # Above heart and arch all of it is known: the first 35 % and 15 % of 30 rows.
    assert (truth[RIGHT, 4:14, 4:16] == 1).all()
    assert (truth[LEFT, 4:8, 22:36] == 1).all()
    # A heart is known not to be above 38 % of the lungs' height (rows 4 to 34), nor far out.
    assert (truth[HEART, :15] == 0).all()
    assert truth[HEART, 20, 20] == UNKNOWN
    assert (truth[HEART, :, :6] == 0).all()


def test_only_what_is_sure_teaches() -> None:
    probability = np.where(chests.masks(), np.float32(0.95), np.float32(0.05))
    probability[RIGHT, 4:6, 4:16] = 0.6
    truth = sure(probability)
    assert truth is not None
    assert (truth[RIGHT, 4:6, 4:16] == UNKNOWN).all()
    assert (truth[LEFT] == chests.masks()[LEFT]).all()
    assert sure(np.full_like(probability, 0.6)) is None
    probability[LEFT] = 0.05
    assert sure(probability) is None


def test_pixels_and_outlines_move_together() -> None:
    truth = chests.masks().astype(np.uint8)
    bright = Outlined(
        name="a", source="S", split="train", patient="p", pixels=(truth[RIGHT] * 255).astype(np.uint8), truth=truth
    )
    agreed = []
    for seed in range(8):
        pixels, moved = changed(bright, 160, np.random.default_rng(seed))
        agreed.append(np.corrcoef(pixels.ravel(), moved[RIGHT].ravel())[0, 1])
    assert np.median(agreed) > 0.8


# --- learning ---


def test_what_is_unknown_costs_nothing() -> None:
    truth = torch.zeros(1, 3, 4, 4)
    truth[:, RIGHT, :2] = 1
    truth[:, HEART] = torch.nan
    right = torch.where(truth == 1, 9.0, -9.0)
    wrong_heart = right.clone()
    wrong_heart[:, HEART] = 9.0
    assert float(loss(right, truth)) == pytest.approx(float(loss(wrong_heart, truth)))
    assert float(loss(-right, truth)) > float(loss(right, truth)) + 5


def test_perfect_outlines_measure_as_such() -> None:
    example = outlined(chests.masks().astype(np.uint8))
    found = compare(lambda _: chests.logits(), example)
    assert min(found.lungs, found.heart) > 0.97
    assert found.ours == pytest.approx(found.theirs, abs=0.02)
    missed = compare(lambda _: np.full((3, 5, 5), -4, np.float32), example)
    assert (missed.lungs, missed.heart) == (0, 0)
    assert np.isnan(missed.ours)
    report = summary([found, found, missed])
    assert report["not outlined"] == 1
    assert report["ratio"]["radiographs"] == 2


def test_a_picture_shows_outlines_and_lines() -> None:
    radiograph = Radiograph(pixels=np.full((200, 100), 0.5, np.float32), view="PA")
    picture = tile(radiograph, StubReader().read(radiograph))
    assert picture.shape == (HEIGHT, HEIGHT // 2, 3)
    # Columns of 40 of the square are 4 of the picture: the right lung's outer border lies at 16, its line from there.
    assert picture[HEIGHT // 4, 14:19].max() > 200
    assert (picture == 255).all(axis=2).sum() > 20


def test_the_card_says_what_was_measured() -> None:
    ratio = {"bias": 0.01, "limits": [-0.04, 0.05]}
    row = {"radiographs": 22, "lungs": [0.96, 0.95, 0.97], "heart": [0.92, 0.91, 0.93], "ratio": ratio}
    report = {"reader": "tiny 1", "trained_on": ["chests: 3"], "splits": ["test"], "sources": {"JSRT": row}}
    text = section(report, [report | {"reader": "other", "splits": ["train", "test"]}])
    estimates = "0.960 (0.950 to 0.970) | 0.920 (0.910 to 0.930) | +0.010 (-0.040 to +0.050) |"
    assert f"| tiny 1 | JSRT | test | 22 | {estimates}" in text
    assert f"| other | JSRT | train and test | 22 | {estimates}" in text
    assert text.count("chests: 3") == 2


# --- in a reader's graph ---


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader whose network never learned anything."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("reader")
    network = Network(2).eval()
    graph = Graph(network, Distance.fit(torch.rand(50, 1280)))
    write_graph(graph, SIZE, folder / "tiny.onnx")
    documents.write(folder / "tiny.json", graphs.manifest(b"", **facts(folder / "tiny.onnx")))
    return folder / "tiny.json"


def learned(manifest: Path) -> dict[str, Any]:
    torch.manual_seed(1)
    graph = onnx.load(str(manifest.with_suffix(".onnx")))
    session = levels.session(graph, levels.networks(graph)[0])
    fingerprint = [torch.from_numpy(each) for each in levels.fingerprint(session)]
    return {"decoder": Decoder().state_dict(), "fingerprint": fingerprint, "trained_on": ["nothing"]}


def test_levels_are_the_networks(manifest: Path) -> None:
    graph = onnx.load(str(manifest.with_suffix(".onnx")))
    (tensors,) = levels.networks(graph)
    seen = levels.session(graph, tensors).run(None, {"radiograph": np.zeros((1, 1, SIZE, SIZE), np.float32)})
    wanted = zip(levels.channels(), levels.STRIDES, strict=True)
    assert [each.shape for each in seen] == [(1, count, SIZE // stride, SIZE // stride) for count, stride in wanted]


def test_a_reader_with_outlines_reads_as_before(manifest: Path, tmp_path: Path) -> None:
    before = Reader.load(manifest)
    after = Reader.load(attach(manifest, learned(manifest), "1.1.0", tmp_path))
    assert (after.name, after.manifest.anatomy is not None) == ("tiny 1.1.0", True)
    domains = [each.domain for each in onnx.load(str(tmp_path / "tiny.onnx")).opset_import]
    assert len(domains) == len(set(domains))
    pixels = np.random.default_rng(0).random((200, 160), np.float32)
    ours, theirs = (reader.look(Radiograph(pixels=pixels)) for reader in (after, before))
    np.testing.assert_allclose(ours.logits, theirs.logits, atol=1e-4)
    assert ours.anatomy is not None
    assert ours.anatomy.shape == (len(STRUCTURES), SIZE // CELL, SIZE // CELL)


def test_outlines_learned_on_another_network_do_not_fit(manifest: Path, tmp_path: Path) -> None:
    content = learned(manifest)
    content["fingerprint"] = [each + 1 for each in content["fingerprint"]]
    with pytest.raises(ValueError, match="Learn it again"):
        attach(manifest, content, "1.1.0", tmp_path)
    assert DRAWN not in {each.name for each in onnx.load(str(manifest.with_suffix(".onnx"))).graph.output}
