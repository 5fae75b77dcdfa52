"""Reader.read on a graph whose every number can be derived: see tests/graphs.py."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import exp, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from onnx import TensorProto

from model.errors import Misconfigured, NotReadable, RefusalCode
from model.findings import FINDINGS
from model.gate import FLAGS, TURNS
from model.heatmaps import on_radiograph
from model.reader import Reader
from model.reading import Reading
from model.weights import DEFAULT
from tests import graphs
from tests.graphs import finding, graph, quadrant
from tests.radiographs import radiograph

F = np.float32
#: What a quadrant is once it is standardised: 1 among three 0 has mean 1/4 and standard deviation sqrt(3)/4.
BRIGHT, DARK = sqrt(3), -1 / sqrt(3)

Change = Callable[[NDArray[np.float32]], NDArray[np.float32]]


def sigmoid(logit: float) -> float:
    return 1 / (1 + exp(-logit))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return graphs.reader(tmp_path_factory.mktemp("weights"))


def read(reader: Reader, pixels: NDArray[np.float32], **fields: Any) -> Reading:
    return reader.read(radiograph(np.ascontiguousarray(pixels), **({"patient_orientation": None} | fields)))


def hottest(reading: Reading) -> tuple[bool, bool]:
    """Whether Effusion, which follows brightness, is hottest in the lower half and in the right half."""
    on_grid = on_radiograph(reading.heatmaps["Effusion"])
    row, column = np.unravel_index(on_grid.argmax(), on_grid.shape)
    return bool(row >= on_grid.shape[0] / 2), bool(column >= on_grid.shape[1] / 2)


# --- numbers ---


def test_probabilities_and_cells_without_calibration(reader: Reader) -> None:
    reading = read(reader, quadrant())
    # A logit is the mean of its map, and a standardised input has mean 0: weight x 0 + bias.
    assert [f.probability for f in reading.findings] == pytest.approx([sigmoid(0.5), sigmoid(-1.5)], abs=1e-5)
    for name, (weight, bias) in graphs.FINDINGS.items():
        hot, cold = sigmoid(weight * BRIGHT + bias), sigmoid(weight * DARK + bias)
        highest = max(hot, cold)
        # The nodule is below its threshold, 0.5, so its highest place is held back to half of sigmoid(-1.5) / 0.5.
        held = 1.0 if name == "Effusion" else sigmoid(-1.5) / highest
        expected = np.array([[hot, cold], [cold, cold]]) * held
        np.testing.assert_allclose(reading.heatmaps[name].cells, expected, atol=1e-5)


def test_calibration_is_the_manifests(tmp_path: Path) -> None:
    findings = [finding("Effusion", slope=2.0, offset=-3.0, threshold=0.1), finding("Mass", slope=0.5, offset=1.0)]
    reading = read(graphs.reader(tmp_path, findings=findings), quadrant())
    effusion, mass = reading.findings
    assert effusion.probability == pytest.approx(sigmoid(2 * 0.5 - 3), abs=1e-5)  # sigmoid(-2) = 0.119
    assert mass.probability == pytest.approx(sigmoid(0.5 * -1.5 + 1), abs=1e-5)  # sigmoid(0.25) = 0.562
    assert (effusion.present, mass.present) == (True, True)
    hot = reading.heatmaps["Effusion"].cells[0, 0]
    assert hot == pytest.approx(sigmoid(2 * (2 * BRIGHT + 0.5) - 3), abs=1e-5)


@pytest.mark.parametrize(("threshold", "present"), [(0.62, True), (0.63, False)])  # sigmoid(0.5) = 0.6225
def test_present_from_the_threshold_on(*, threshold: float, present: bool, tmp_path: Path) -> None:
    findings = [finding("Effusion", threshold=threshold), finding("Nodule")]
    assert read(graphs.reader(tmp_path, findings=findings), quadrant()).findings[0].present is present


def test_what_a_reading_says_beside_its_numbers(reader: Reader) -> None:
    reading = read(reader, quadrant(), steps=("window LINEAR",), sop_instance_uid="2.25.7")
    assert (reading.reader, reading.sop_instance_uid) == ("tiny 1.0.0", "2.25.7")
    assert [(f.name, f.code) for f in reading.findings] == [(name, FINDINGS[name]) for name in graphs.FINDINGS]
    assert reading.steps == ("window LINEAR", "stretched to 64 x 64")
    assert set(reading.timings_ms) == {"prepare", "network", "heatmaps"}
    assert min(reading.timings_ms.values()) > 0


def test_gate_numbers(reader: Reader) -> None:
    gate = read(reader, quadrant()).gate
    hot, cold = exp(5 * BRIGHT), exp(5 * DARK)
    assert gate.upright == pytest.approx(hot / (hot + 3 * cold), abs=1e-5)
    assert gate.inverted == pytest.approx(sigmoid(8 * (1.15 - BRIGHT)), abs=1e-5)
    assert (gate.mirrored, gate.child) == pytest.approx((sigmoid(-5), sigmoid(-5)), abs=1e-5)
    assert (gate.distance, gate.distance_limit) == (pytest.approx(BRIGHT, abs=1e-5), 10)
    assert gate.corrections == ()


# --- lung fields and heart ---

#: Rows and columns of a square of 8 x 8: right lung, left lung, heart.
CHEST = np.full((3, 8, 8), -4, F)
CHEST[0, 0:6, 0:4] = CHEST[1, 0:6, 5:8] = CHEST[2, 3:6, 3:6] = 4


def drawing(folder: Path, **gate: float) -> Reader:
    return graphs.reader(folder, graph(outlines=CHEST, **gate), anatomy=graphs.DRAWING)


def test_a_reader_that_draws_no_outlines(reader: Reader) -> None:
    reading = read(reader, quadrant(), view="PA")
    assert (reading.outlines, reading.cardiothoracic_ratio) == (None, None)
    assert {(found.side, found.zone) for found in reading.findings} == {(None, None)}


def test_outlines_ratio_and_places(tmp_path: Path) -> None:
    reading = read(drawing(tmp_path), quadrant(), view="PA")
    assert reading.outlines is not None
    assert reading.cardiothoracic_ratio is not None
    # Bilinear between cells of 4 and -4, borders lie where the cells do: 3 by 8.
    assert reading.cardiothoracic_ratio.value == pytest.approx(3 / 8, abs=0.01)
    assert reading.cardiothoracic_ratio.error == (-0.05, 0.04)
    effusion, nodule = reading.findings
    assert effusion.side == "right"  # hottest in the top left quarter, see `quadrant`
    assert (nodule.side, nodule.zone) == (None, None)  # its map stays below the threshold
    assert "anatomy" in reading.timings_ms


def test_no_side_where_left_may_be_right(tmp_path: Path) -> None:
    reading = read(drawing(tmp_path, mirrored=5.0), quadrant(), view="PA")
    assert {found.side for found in reading.findings} == {None}
    assert reading.outlines is not None


@pytest.mark.parametrize("outlines", [CHEST[:, :4], None])
def test_outlines_must_be_as_the_manifest_says(outlines: NDArray[np.float32] | None, tmp_path: Path) -> None:
    made = graph() if outlines is None else graph(outlines=outlines)
    with pytest.raises(Misconfigured, match="must have the shapes"):
        graphs.reader(tmp_path, made, anatomy=graphs.DRAWING)


@pytest.mark.parametrize(("low", "certain"), [(0.51, True), (0.49, False), (None, False)])
def test_a_place_is_certain_where_it_was_measured(low: float | None, certain: bool, tmp_path: Path) -> None:
    pointing = {"images": 20, "hits": 0.7, "hits_interval": [low, 0.9], "usual_place": 0.5}
    measured = {} if low is None else {"pointing": pointing}
    findings = [finding("Effusion", **measured), finding("Nodule")]
    reading = read(graphs.reader(tmp_path, findings=findings), quadrant())
    assert [found.location_certain for found in reading.findings] == [certain, False]


# --- turned, mirrored, inverted ---


def upside_down(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    return pixels[::-1, ::-1]


#: How the radiograph is stored, what is said, and where the bright quarter then is on the stored grid: (below, right).
CORRECTED: dict[str, tuple[Change, tuple[str, ...], tuple[bool, bool]]] = {
    "turned clockwise": (
        lambda pixels: np.rot90(pixels, -1),
        ("turned by 90 degrees counter-clockwise",),
        (False, True),
    ),
    "upside down": (upside_down, ("turned by 180 degrees counter-clockwise",), (True, True)),
    "turned counter-clockwise": (np.rot90, ("turned by 270 degrees counter-clockwise",), (True, False)),
    "inverted": (lambda pixels: 1 - pixels, ("grey levels inverted",), (False, False)),
}


@pytest.mark.parametrize("case", CORRECTED)
def test_a_second_pass_corrects(reader: Reader, case: str) -> None:
    change, words, place = CORRECTED[case]
    plain = read(reader, quadrant())
    stored = change(quadrant())
    reading = read(reader, stored)
    assert reading.gate.corrections == words
    assert reading.steps == (*words, "stretched to 64 x 64")
    assert [f.probability for f in reading.findings] == pytest.approx([f.probability for f in plain.findings])
    assert reading.gate.upright > 0.99
    assert on_radiograph(reading.heatmaps["Effusion"]).shape == stored.shape
    assert hottest(reading) == place


@pytest.mark.parametrize(
    ("orientation", "change", "words", "place"),
    [
        (("L", "F"), lambda pixels: pixels, (), (False, False)),
        (("R", "F"), np.fliplr, ("mirrored",), (False, True)),
        (("R", "H"), upside_down, ("turned by 180 degrees counter-clockwise",), (True, True)),
        (("L", "H"), np.flipud, ("mirrored", "turned by 180 degrees counter-clockwise"), (True, False)),
    ],
)
def test_patient_orientation_is_followed(
    reader: Reader, orientation: tuple[str, str], change: Change, words: tuple[str, ...], place: tuple[bool, bool]
) -> None:
    reading = read(reader, change(quadrant()), patient_orientation=orientation)
    assert (reading.gate.corrections, hottest(reading)) == (words, place)


def test_the_network_corrects_a_wrong_patient_orientation(reader: Reader) -> None:
    # The file says it lies upside down, but it does not: half a turn there, and half a turn back.
    reading = read(reader, quadrant(), patient_orientation=("R", "H"))
    assert (reading.gate.corrections, hottest(reading)) == ((), (False, False))


def test_what_is_not_certain_is_not_corrected(tmp_path: Path) -> None:
    limits = {"certain": 1.0, "child": 0.5, "distance": 10.0}
    with pytest.raises(NotReadable) as caught:
        read(graphs.reader(tmp_path, gate_limits=limits), np.rot90(quadrant()))
    assert caught.value.code == RefusalCode.POOR_QUALITY


# --- refusals ---


@pytest.mark.parametrize(
    ("pixels", "fields", "onnx", "limits", "code"),
    [
        (quadrant(), {"view": "lateral"}, {}, {}, RefusalCode.NOT_FRONTAL),
        (quadrant(), {"patient_age": 14.0}, {}, {}, RefusalCode.CHILD),
        (quadrant(), {"patient_age": None}, {"child": 1.0}, {}, RefusalCode.CHILD),
        (quadrant(), {}, {}, {"distance": 1.7}, RefusalCode.NOT_CHEST),  # its distance is sqrt(3) = 1.73
        (quadrant(64, 64), {}, {}, {}, RefusalCode.POOR_QUALITY),  # an icon
        # Flat: no quadrant is the brightest, so each turn has a quarter of the probability.
        (np.full((192, 160), 0.5, F), {}, {}, {}, RefusalCode.POOR_QUALITY),
    ],
)
def test_refused(
    *,
    pixels: NDArray[np.float32],
    fields: dict[str, Any],
    onnx: dict[str, float],
    limits: dict[str, float],
    code: RefusalCode,
    tmp_path: Path,
) -> None:
    gate_limits = {"certain": 0.9, "child": 0.5, "distance": 10.0} | limits
    refusing = graphs.reader(tmp_path, graph(**onnx), gate_limits=gate_limits)
    with pytest.raises(NotReadable) as caught:
        read(refusing, pixels, **fields)
    assert caught.value.code == code


def test_an_adult_by_the_file_who_looks_like_a_child_is_read(tmp_path: Path) -> None:
    reading = read(graphs.reader(tmp_path, graph(child=3.0)), quadrant(), patient_age=15.0)
    assert reading.gate.child == pytest.approx(sigmoid(3), abs=1e-5)


# --- one reader, many readings ---


def same(one: Reading, other: Reading) -> bool:
    heatmaps = ((one.heatmaps[name].cells, other.heatmaps[name].cells) for name in one.heatmaps)
    return (one.findings, one.gate, one.steps) == (other.findings, other.gate, other.steps) and all(
        np.array_equal(ours, theirs) for ours, theirs in heatmaps
    )


def test_the_same_radiograph_gives_the_same_reading(reader: Reader) -> None:
    pixels = quadrant() + np.random.default_rng(0).random((192, 160), F) / 4
    assert same(read(reader, pixels), read(reader, pixels.copy()))


def test_threads_share_a_reader(reader: Reader) -> None:
    stored = [np.rot90(quadrant(), turns) for turns in range(4)]
    expected = [read(reader, pixels) for pixels in stored]
    assert not same(expected[0], expected[1])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: read(reader, stored[at % 4]), range(64)))
    assert all(same(reading, expected[at % 4]) for at, reading in enumerate(found))


# --- what does not start ---


@pytest.mark.parametrize(
    ("onnx", "changes", "words"),
    [
        ({"findings": 3}, {}, r"must have the shapes .*'logits': \[1, 2\].* not .*'logits': \[1, 3\]"),
        ({"size": 96}, {}, r"'radiograph': \[1, 1, 64, 64\].* not .*'radiograph': \[1, 1, 96, 96\]"),
        ({}, {"input_size": 96}, r"'maps': \[1, 2, 3, 3\].* not .*'maps': \[1, 2, 2, 2\]"),
        ({"logits_name": "scores"}, {}, "not .*'scores'"),
        ({"distance_type": TensorProto.DOUBLE}, {}, r"must take and give tensor\(float\), not tensor\(double\)"),
        ({}, {"gate": [*FLAGS, *TURNS]}, "must give .*'turn0'.* not .*'mirrored'"),
        ({}, {"gate": [*TURNS, *FLAGS, "adult"]}, r"'gate': \[1, 8\].* not .*'gate': \[1, 7\]"),
    ],
)
def test_a_graph_that_does_not_fit_its_manifest_does_not_start(
    onnx: dict[str, Any], changes: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured, match=words) as caught:
        graphs.reader(tmp_path, graph(**onnx), **changes)
    assert str(caught.value).endswith("Export the network again.")


def test_what_is_no_graph_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"The graph 'tiny.onnx' must be one that ONNX Runtime .* runs: .*"):
        graphs.reader(tmp_path, b"no graph")


# --- the reader that ships ---


@pytest.fixture(scope="module")
def shipped() -> Reader:
    if not DEFAULT.exists():
        pytest.skip("no weights in model/weights")
    return Reader.load()


def test_the_shipped_reader_gives_a_logit_and_a_map_for_every_finding(shipped: Reader) -> None:
    seen = shipped.look(radiograph())
    cells = shipped.manifest.input_size // shipped.manifest.heatmap_cell
    assert seen.logits.shape == (len(shipped.manifest.findings),)
    assert seen.maps.shape == (len(shipped.manifest.findings), cells, cells)
    assert np.isfinite(seen.logits).all()
    assert np.isfinite(seen.maps).all()
    assert np.isfinite(seen.distance)
    assert sum(seen.gate[turn] for turn in TURNS) == pytest.approx(1, abs=1e-5)


def test_the_shipped_reader_is_deterministic(shipped: Reader) -> None:
    first, second = shipped.look(radiograph()), shipped.look(radiograph())
    assert np.array_equal(first.logits, second.logits)
    assert np.array_equal(first.maps, second.maps)
    assert (first.gate, first.distance) == (second.gate, second.distance)
