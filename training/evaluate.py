"""What a reader is worth: `hilum evaluate MANIFEST DATA OUT` on patients that it has never seen.

Writes ``report.json`` (every number) and ``reliability.png`` to OUT. With ``--record`` the measured sensitivity and
specificity go into the manifest, whence every reading bears them.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from model.gate import mend
from model.orientation import Turn
from training import documents, metrics, validate
from training.calibrate import calibrated, meant
from training.datasets import index
from training.datasets.example import Example
from training.heads import CACHE, scorer
from training.metrics import Estimate, Score, Statistic, Truth
from training.reliability import draw
from training.scores import Scorer, Scores
from training.subgroups import by_group, by_source

#: A finding must show this AUROC at the lower bound of its interval, or it is called experimental.
PROVEN = 0.60
#: Fewer positives or negatives than this say nothing.
FEWEST = 10
#: Images for the gate's test, each turned, mirrored and inverted.
GATE_IMAGES = 200


def measure(scores: Scores, look: dict[str, Any], *, briefly: bool = False) -> dict[str, Any] | None:
    """The numbers of one finding on ``scores``, ``briefly`` those of a part; None where there are too few of either."""
    logits, truth, patients = scores.of(look["name"])
    if min(truth.sum(), (~truth).sum()) < FEWEST:
        return None
    given = calibrated(logits, look)

    def measured(statistic: Statistic) -> Estimate:
        return metrics.estimate(statistic, truth, given, patients)

    def at(threshold: float) -> dict[str, Estimate]:
        return {
            "sensitivity": measured(metrics.sensitivity(threshold)),
            "specificity": measured(metrics.specificity(threshold)),
        }

    calibration = {} if briefly else calibration_of(truth, given, patients)
    return {
        "images": len(truth),
        "positives": int(truth.sum()),
        "auroc": measured(metrics.auroc),
        **at(look["threshold"]),
        "rule_out": at(look["rule_out"]["threshold"]) if "rule_out" in look else None,
        **calibration,
    }


def calibration_of(truth: Truth, given: Score, patients: NDArray[np.str_]) -> dict[str, Any]:
    """What is only said of all radiographs together."""
    return {
        "average_precision": metrics.estimate(metrics.average_precision, truth, given, patients),
        "ece": metrics.expected_calibration_error(truth, given),
        "reliability": metrics.calibration_bins(truth, given).tolist(),
    }


def measure_all(scores: Scores, content: dict[str, Any]) -> dict[str, Any]:
    """Those findings of ``content`` of which ``scores`` has enough."""
    return {look["name"]: found for look in content["findings"] if (found := measure(scores, look, briefly=True))}


def share(right: Iterable[bool]) -> float | None:
    """How many are right, 0..1; None of none."""
    all_of_them = list(right)
    return sum(all_of_them) / len(all_of_them) if all_of_them else None


def recognised(say: Scorer, examples: list[Example], needed: Turn) -> float | None:
    """How often the gate tells just what the ``examples``, spoilt, need."""
    scores = say(examples, needed)
    return share(mend(gate_of(scores, row)) == needed for row in range(len(examples)))


def measure_gate(say: Scorer, content: dict[str, Any], examples: list[Example], scores: Scores) -> dict[str, Any]:
    """How often the gate is right: on ``examples`` spoilt on purpose, and on all ``scores`` as they are."""
    limits = content["gate_limits"]
    cases = {f"turned by {90 * turns} degrees": Turn(quarter_turns=turns) for turns in (1, 2, 3)}
    cases["inverted"] = Turn(inverted=True)
    adults = scores.where(meant)
    grown_up = scores.where(lambda example: example.child is False).gate["child"]
    children = scores.where(lambda example: example.child is True).gate["child"]
    return {
        "recognised": {name: recognised(say, examples, case) for name, case in cases.items()},
        "images of each": len(examples),
        "upright left alone": share(mend(gate_of(adults, row)) is None for row in range(len(adults.examples))),
        "adults refused by distance": share(adults.distance > limits["distance"]),
        "adults taken for children": share(grown_up >= limits["child"]),
        "children recognised": share(children >= limits["child"]),
    }


def gate_of(scores: Scores, row: int) -> dict[str, float]:
    return {name: float(values[row]) for name, values in scores.gate.items()}


def selection(scores: Scores) -> dict[str, Any] | None:
    """The mean AUROC by which networks are selected, on ``scores``; None where it has no such images."""
    judged = scores.where(validate.sharp)
    if len(judged.examples) < FEWEST:
        return None
    found = validate.validate(judged.examples, judged.findings, judged.logits)
    return {"images": len(judged.examples), "findings": list(found.findings), "auroc": found.mean}


def evaluate(
    say: Scorer, content: dict[str, Any], examples: list[Example], split: str, *, gate: bool = True
) -> dict[str, Any]:
    """The report on ``examples``, which should all be unseen patients; the ``gate`` is asked for spoilt ones, too."""
    scores = say(examples)
    clean = scores.where(meant)
    ours = clean.where(lambda example: example.split == split and example.source in trained_sources(content))
    sharpest = sorted(ours.examples, key=lambda example: -example.resolution)[:GATE_IMAGES]
    return {
        "reader": f"{content['name']} {content['version']}",
        "split": split,
        "images": len(ours.examples),
        "patients": len({example.patient for example in ours.examples}),
        "selection": selection(ours),
        "findings": {look["name"]: measure(ours, look) for look in content["findings"]},
        "by_subset": {name: measure_all(part, content) for name, part in by_source(clean).items()},
        "by_group": {name: measure_all(part, content) for name, part in by_group(clean).items()},
        "gate": measure_gate(say, content, sharpest, scores) if gate else None,
    }


def trained_sources(content: dict[str, Any]) -> set[str]:
    """Names of the data sets trained on: what stands before the first colon of each line of ``trained_on``."""
    return {line.split(":")[0] for line in content["trained_on"]}


def recorded(measured: dict[str, Any], data: str) -> dict[str, Any]:
    """Sensitivity and specificity as an operating point of a manifest."""
    point: dict[str, Any] = {"data": data}
    for quantity in ("sensitivity", "specificity"):
        value, low, high = measured[quantity]
        point |= {quantity: value, f"{quantity}_interval": [low, high]}
    return point


def ruled_out(content: dict[str, Any], finding: str, report: dict[str, Any]) -> dict[str, Any]:
    """What ruling out is worth in the data set where it misses most: a mean over easier ones would flatter it."""
    by_source = {source: report["by_subset"].get(source, {}).get(finding) for source in trained_sources(content)}
    rows = sorted((row["rule_out"]["sensitivity"][0], source) for source, row in by_source.items() if row)
    if not rows:
        return {}
    _, source = rows[0]
    worst = by_source[source]
    assert worst is not None
    return recorded(worst["rule_out"], f"{worst['images']} {report['split']} radiographs of {source}")


def record(content: dict[str, Any], report: dict[str, Any]) -> None:
    """Write what was measured into the manifest ``content``."""
    for look in content["findings"]:
        measured = report["findings"][look["name"]]
        if measured is None:
            look["experimental"] = True
            continue
        look["operating_point"] |= recorded(measured, f"{measured['images']} {report['split']} radiographs")
        if "rule_out" in look:
            look["rule_out"]["operating_point"] |= ruled_out(content, look["name"], report)
        look["experimental"] = not measured["auroc"][1] > PROVEN
    content["evaluated_on"] = [
        f"{report['images']} radiographs of {report['patients']} patients, split {report['split']}"
    ]


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--split", type=click.Choice(["val", "test"]), default="val", show_default=True)
@click.option("--external", multiple=True, help="A data set not trained on: all its rows are evaluated. Repeatable.")
@click.option("--record", "recorded", is_flag=True, help="Write sensitivity and specificity into the manifest.")
@click.option("--source", help="Only this data set, and not the gate.")
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help=CACHE)
def command(
    manifest: Path,
    data: Path,
    out: Path,
    split: str,
    external: tuple[str, ...],
    source: str | None,
    cache: Path | None,
    *,
    recorded: bool,
) -> None:
    """Evaluate the reader of MANIFEST on a split of DATA; the report goes to OUT."""
    out.mkdir(parents=True, exist_ok=True)
    content = documents.read(manifest)
    rows = index.load(data, open_only=False)
    sources = trained_sources(content) if source is None else {source}
    examples = [row for row in rows if (row.source in sources and row.split == split) or row.source in external]
    report = evaluate(scorer(manifest, cache), content, examples, split, gate=source is None)
    documents.write(out / "report.json", report)
    draw(report, out / "reliability.png")
    if recorded:
        record(content, report)
        documents.write(manifest, content)


if __name__ == "__main__":
    command()
