"""Heatmaps that learn from boxes: discs in corners, and a reader that is told where they are."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from click.testing import CliRunner

pytest.importorskip("onnxscript", reason="needs the extra [train]")

import torch

from model.radiograph import Radiograph
from model.reader import Reader
from tests import graphs
from training import documents
from training.dataset import OPACITIES, around
from training.datasets import index
from training.datasets.example import Box, Example
from training.distance import Distance
from training.export import Graph, facts, write_graph
from training.grad_cam import GradCam
from training.heatmaps.command import command
from training.heatmaps.decoder import CELL
from training.heatmaps.pool import BOXED, weights
from training.network import from_imagenet
from training.places import point
from training.scores import radiograph
from training.unfold import folded

SIZE, SIDE, RADIUS = 64, 128, 24
FINDINGS = ("Effusion", "Nodule")


def written(folder: Path) -> None:
    """Forty pictures; every other one has a nodule in one of the four corners, and a box around it."""
    random = np.random.default_rng(0)
    rows = ["image,dataset,split,labels,labels_negative,patient_id,age,width,height,use,note,boxes"]
    for i in range(40):
        pixels = random.integers(40, 80, (SIDE, SIDE), dtype=np.uint8)
        x, y = (int(random.choice([32, 96])) for _ in range(2))
        labels, boxes = ("No Finding", "Effusion|Nodule"), "[]"
        if i % 2:
            cv2.circle(pixels, (x, y), RADIUS, 230, -1)
            box = {"label": "Nodule", "x": x - RADIUS, "y": y - RADIUS, "w": 2 * RADIUS, "h": 2 * RADIUS}
            labels, boxes = ("Nodule", "Effusion"), json.dumps([box]).replace('"', '""')
        cv2.imwrite(str(folder / f"{i}.png"), pixels)
        split = "val" if i % 4 > 1 else "train"
        rows.append(f'{i}.png,Discs,{split},{",".join(labels)},{i},60,{SIDE},{SIDE},open,,"{boxes}"')
    (folder / "index.csv").write_text("\n".join(rows))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discs")
    written(folder)
    return folder


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader whose network is as ImageNet left it."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("reader")
    graph = Graph(from_imagenet(len(FINDINGS)).eval(), Distance.fit(torch.rand(50, 1280)))
    write_graph(graph, SIZE, folder / "tiny.onnx")
    content = json.loads(json.dumps(graphs.manifest(b"", **facts(folder / "tiny.onnx"))))
    content["findings"][1]["pointing"] = {"images": 9, "hits": 0.1, "hits_interval": [0.0, 0.2], "usual_place": 0.3}
    documents.write(folder / "tiny.json", content)
    return folder / "tiny.json"


def run(*arguments: object) -> str:
    done = CliRunner().invoke(command, [str(each) for each in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def decoder(manifest: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("decoder") / "decoder.pt"
    said = run("learn", manifest, data, path, "--draws", 192, "--passes", 12)
    assert "Discs: 20 radiographs, 10 of them with boxes" in said
    return path


@pytest.fixture(scope="module")
def painted(manifest: Path, decoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("painted")
    run("attach", manifest, decoder, folder, "--version", "2")
    return folder / manifest.name


def test_a_reader_with_them_points_better_and_says_all_else_as_before(
    manifest: Path, painted: Path, data: Path
) -> None:
    before, after = Reader.load(manifest), Reader.load(painted)
    assert after.name == "tiny 2"
    assert after.manifest.findings[1].pointing is None  # not measured yet
    pixels = np.random.default_rng(0).random((200, 160), np.float32)
    theirs, ours = (reader.look(Radiograph(pixels=pixels)) for reader in (before, after))
    np.testing.assert_allclose(ours.logits, theirs.logits, atol=1e-4)
    assert ours.gate == pytest.approx(theirs.gate, abs=1e-4)
    assert theirs.maps.shape == (len(FINDINGS), SIZE // 32, SIZE // 32)
    assert ours.maps.shape == (len(FINDINGS), SIZE // CELL, SIZE // CELL)
    (found,) = point(after, GradCam(painted), index.load(data), "val")
    assert (found.finding, found.images) == ("Nodule", 10)
    assert found.heatmap.hits.value >= 0.8
    assert found.usual_place <= 0.5
    assert found.heatmap.hits.value > found.grad_cam.hits.value
    assert found.heatmap.overlap.value > found.grad_cam.overlap.value


def test_what_was_painted_before_is_in_the_graph_no_more(
    manifest: Path, painted: Path, decoder: Path, tmp_path: Path
) -> None:
    names = {each.name for each in onnx.load(str(painted.with_suffix(".onnx"))).graph.initializer}
    assert not any("places" in name for name in names)
    run("attach", painted, decoder, tmp_path, "--version", "3")
    sizes = [path.with_suffix(".onnx").stat().st_size for path in (painted, tmp_path / manifest.name)]
    assert sizes[0] == pytest.approx(sizes[1], rel=1e-3)
    assert folded(tmp_path / manifest.name, FINDINGS).findings.out_channels == len(FINDINGS)  # to train on from


def test_a_decoder_for_other_findings_is_refused(manifest: Path, decoder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pt"
    torch.save(torch.load(decoder, weights_only=True) | {"findings": ["Mass", "Nodule"]}, other)
    with pytest.raises(ValueError, match=r"must have been learned for .*Effusion.*, not .*Mass"):
        run("attach", manifest, other, tmp_path, "--version", "2")


def test_data_without_boxes_is_told(manifest: Path, data: Path, tmp_path: Path) -> None:
    written(tmp_path)
    table = (tmp_path / "index.csv").read_text().replace("Nodule", "Mass")
    (tmp_path / "index.csv").write_text(table)
    done = CliRunner().invoke(command, ["learn", str(manifest), str(tmp_path), str(tmp_path / "decoder.pt")])
    assert (done.exit_code, "must have a box around a finding" in done.output) == (2, True)


# --- what boxes say ---

BOX, OTHER = Box(0, 0, 10, 10), Box(5, 5, 10, 10)
EXAMPLE = Example(
    image="a", container=Path(), source="S", split="train", patient="p", labels={}, child=False, shape=(40, 40)
)


def boxed(**boxes: tuple[Box, ...]) -> Example:
    return replace(EXAMPLE, boxes=boxes)


def test_a_box_says_where_what_looks_alike_would_be() -> None:
    example = boxed(Pneumonia=(BOX,), Mass=(OTHER,))
    assert around(example, "Pneumonia") == around(example, "Consolidation") == (BOX,)
    assert around(example, "Mass") == (OTHER,)
    assert around(example, "Nodule") == ()
    assert around(boxed(Pneumonia=(BOX,), Atelectasis=(OTHER,)), "Atelectasis") == (OTHER,)


def test_all_boxes_around_findings_are_of_something_abnormal() -> None:
    boxes = {"Mass": (BOX,), "Pneumonia": (OTHER,), "Right Lung": (Box(1, 1, 1, 1),), "Lung Opacity (RSNA)": (BOX,)}
    example = replace(EXAMPLE, boxes=boxes)
    assert sorted(around(example, "Abnormal")) == sorted([BOX, OTHER])


def test_what_rsna_drew_teaches_lung_opacity_alone() -> None:
    example = replace(EXAMPLE, boxes={"Lung Opacity (RSNA)": (BOX,)})
    assert around(example, "Lung Opacity") == (BOX,)
    assert not any(around(example, finding) for finding in ("Abnormal", *OPACITIES))


def test_radiographs_with_boxes_are_drawn_with_their_share() -> None:
    examples = [boxed(Nodule=(BOX,)), boxed(Nodule=(BOX,)), EXAMPLE, EXAMPLE, boxed(Mass=(BOX,))]
    drawn = weights(examples, np.array([0.4, 0.1, 0.1, 0.3, 0.1]), ("Nodule",))
    np.testing.assert_allclose(drawn, [BOXED / 2, BOXED / 2, *(np.array([0.2, 0.6, 0.2]) * (1 - BOXED))])


def test_grad_cam_is_the_mean_local_logit(manifest: Path, data: Path) -> None:
    example = index.load(data)[1]
    maps = GradCam(manifest)(example)
    np.testing.assert_allclose(
        maps.mean(axis=(1, 2)), Reader.load(manifest).look(radiograph(example)).logits, atol=1e-4
    )
