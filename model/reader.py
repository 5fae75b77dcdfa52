"""One reader: weights, preprocessing and thresholds, versioned as one. ONNX Runtime and nothing heavier."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from model import anatomy, gate
from model.calibration import probability, sigmoid
from model.errors import Misconfigured
from model.findings import FINDINGS
from model.heatmaps import heatmaps, held_back
from model.orientation import AS_IT_IS, Turn, is_frontal, turn_to_upright
from model.placement import Placement
from model.preprocessing import prepare
from model.radiograph import Radiograph
from model.reading import STRUCTURES, CardiothoracicRatio, Finding, Gate, Outlines, Reading
from model.sides import Place, place
from model.weights import DEFAULT, Look, Manifest, load

#: Names of the graph's outputs: ``training.export`` writes them, `_check` compares their shapes with the manifest.
OUTPUTS = ("logits", "maps", "gate", "distance")
#: One more, where the manifest says that the graph draws outlines: logits of STRUCTURES.
DRAWN = "anatomy"


class Seen(NamedTuple):
    """What one forward pass says, before calibration."""

    logits: NDArray[np.float32]  # (findings,)
    maps: NDArray[np.float32]  # (findings, h, w), local logits
    gate: dict[str, float]  # probability, 0..1, by the output's name
    distance: float
    placement: Placement
    anatomy: NDArray[np.float32] | None = None  # (STRUCTURES, h, w), logits


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads radiographs. Deterministic; safe to share between threads."""

    manifest: Manifest
    _session: onnxruntime.InferenceSession

    @classmethod
    def load(cls, manifest: Path = DEFAULT, *, threads: int = 1) -> "Reader":
        """A reader from its manifest; ``threads`` work on one radiograph.

        Raises:
            Misconfigured: if the weights are missing or damaged, or the graph does not fit its manifest.
        """
        facts, graph = load(manifest)
        return cls(facts, _session(facts, graph, threads))

    @property
    def name(self) -> str:
        """Name and version, as every reading bears it."""
        return self.manifest.reader

    def read(self, radiograph: Radiograph) -> Reading:
        """All findings with their heatmaps.

        One forward pass; a second one where the first shows that the radiograph is turned or inverted.

        Raises:
            NotReadable: if the gate does not let the radiograph pass.
        """
        timings: dict[str, float] = {}
        limits = self.manifest.gate_limits
        gate.refuse_by_attributes(radiograph, self.manifest.minimum_age)
        turn = turn_to_upright(radiograph.patient_orientation)
        seen = self.look(radiograph, turn, timings)
        mended = gate.mend(seen.gate)
        if mended:
            turn = turn.then(mended)
            seen = self.look(radiograph, turn, timings)
        judged = gate.judge(seen.gate, seen.distance, limits, turn.words())
        gate.refuse_by_pixels(
            judged,
            limits,
            age_known=radiograph.patient_age is not None,
            view_known=radiograph.view != "unknown" or is_frontal(radiograph.patient_orientation) is not None,
            mended=bool(mended),
        )
        with _timed(timings, "heatmaps"):
            probabilities, cells = self._calibrated(seen)
            looks = self.manifest.findings
            thresholds = np.array([look.threshold for look in looks], dtype=np.float32)
            cells = held_back(cells, probabilities, thresholds)
            maps = heatmaps([look.name for look in looks], cells, seen.placement)
        drawn = self._outlines(seen, timings)
        places = self._places(cells, drawn, judged)
        return Reading(
            reader=self.name,
            sop_instance_uid=radiograph.sop_instance_uid,
            findings=tuple(map(_finding, self.manifest.findings, probabilities.tolist(), places)),
            heatmaps=maps,
            gate=judged,
            steps=(*radiograph.steps, *turn.words(), f"stretched to {seen.placement.size} x {seen.placement.size}"),
            timings_ms=timings,
            outlines=drawn,
            cardiothoracic_ratio=self._ratio(radiograph, drawn),
        )

    def _outlines(self, seen: Seen, timings: dict[str, float]) -> Outlines | None:
        if seen.anatomy is None:
            return None
        with _timed(timings, "anatomy"):
            return anatomy.outlines(seen.anatomy, seen.placement)

    def _ratio(self, radiograph: Radiograph, drawn: Outlines | None) -> CardiothoracicRatio | None:
        if (facts := self.manifest.anatomy) is None:
            return None
        return anatomy.cardiothoracic_ratio(drawn, radiograph.view, facts.ratio_error)

    def _places(self, cells: NDArray[np.float32], drawn: Outlines | None, judged: Gate) -> list[Place]:
        """Side and zone of each finding: not determined without outlines, or where left may be right."""
        if drawn is None or judged.mirrored >= gate.LIKELY:
            return [Place()] * len(cells)
        looks = zip(self.manifest.findings, cells, strict=True)
        masks = drawn.masks[:, ::2, ::2]  # fine enough for thirds of a lung, at a quarter of the work
        return [place(look.name, each, look.threshold, masks) for look, each in looks]

    def look(self, radiograph: Radiograph, turn: Turn = AS_IT_IS, timings: dict[str, float] | None = None) -> Seen:
        """One forward pass, without a gate: what calibration and evaluation are made from.

        ``timings`` gains the milliseconds of the stages "prepare" and "network".
        """
        timings = {} if timings is None else timings
        with _timed(timings, "prepare"):
            tensor, placement = prepare(radiograph, self.manifest.input_size, turn)
        with _timed(timings, "network"):
            logits, maps, said, distance, *drawn = self._session.run(self._outputs, {"radiograph": tensor})
        turns, flags = said[0, : len(gate.TURNS)], said[0, len(gate.TURNS) :]
        softmax = np.exp(turns - turns.max())
        probabilities = [*(softmax / softmax.sum()).tolist(), *sigmoid(flags).tolist()]
        named = dict(zip(self.manifest.gate, probabilities, strict=True))
        return Seen(logits[0], maps[0], named, float(distance[0]), placement, drawn[0][0] if drawn else None)

    @property
    def _outputs(self) -> list[str]:
        return [*OUTPUTS, DRAWN] if self.manifest.anatomy else list(OUTPUTS)

    def _calibrated(self, seen: Seen) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probabilities (findings,) and of each cell alone (findings, h, w)."""
        slope = np.array([look.slope for look in self.manifest.findings], dtype=np.float32)
        offset = np.array([look.offset for look in self.manifest.findings], dtype=np.float32)
        cells = probability(seen.maps, slope[:, None, None], offset[:, None, None])
        return probability(seen.logits, slope, offset), cells


def _session(manifest: Manifest, graph: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors; warnings are for those who export
    try:
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises types that it does not publish
        msg = f"The graph '{manifest.graph}' must be one that ONNX Runtime {onnxruntime.__version__} runs: {error}"
        raise Misconfigured(f"{msg}. Export the network again.") from error
    _check(session, manifest)
    return session


def _check(session: onnxruntime.InferenceSession, manifest: Manifest) -> None:
    """Refuse to start with a graph that does not fit its manifest."""
    size, findings = manifest.input_size, len(manifest.findings)
    expected = {
        "radiograph": [1, 1, size, size],
        "logits": [1, findings],
        "maps": [1, findings, size // manifest.heatmap_cell, size // manifest.heatmap_cell],
        "gate": [1, len(manifest.gate)],
        "distance": [1],
    }
    if (drawing := manifest.anatomy) is not None:
        expected[DRAWN] = [1, len(STRUCTURES), size // drawing.cell, size // drawing.cell]
    values = (*session.get_inputs(), *session.get_outputs())
    came = {value.name: value.shape for value in values}
    if came != expected:
        msg = (
            f"The graph '{manifest.graph}' must have the shapes {expected} by its manifest, not {came}. "
            "Export the network again."
        )
        raise Misconfigured(msg)
    if others := {value.type for value in values} - {"tensor(float)"}:
        msg = f"The graph '{manifest.graph}' must take and give tensor(float), not {', '.join(sorted(others))}."
        raise Misconfigured(f"{msg} Export the network again.")
    if manifest.gate not in {(*gate.TURNS, *gate.FLAGS), (*gate.TURNS, *gate.FLAGS, gate.LATERAL)}:
        msg = f"The gate of '{manifest.graph}' must give {(*gate.TURNS, *gate.FLAGS)}, not {manifest.gate}."
        raise Misconfigured(f"{msg} Export the network again.")


def _finding(look: Look, calibrated: float, seen_at: Place) -> Finding:
    return Finding(
        name=look.name,
        code=FINDINGS[look.name],
        probability=calibrated,
        threshold=look.threshold,
        operating_point=look.operating_point,
        experimental=look.experimental,
        side=seen_at.side,
        zone=seen_at.zone,
        location_certain=look.pointing is not None and look.pointing.certain,
        rule_out=look.rule_out,
    )


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    began = perf_counter()
    yield
    timings[stage] = timings.get(stage, 0.0) + 1000 * (perf_counter() - began)
