"""From logits to probabilities and thresholds: `hilum calibrate MANIFEST DATA`.

Everything here is chosen on the split ``val``; what the choices are worth is measured on ``test`` by `hilum evaluate`.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
from sklearn.linear_model import LogisticRegression

from model.calibration import probability
from training import documents, metrics
from training.datasets import index
from training.datasets.example import Example
from training.heads import CACHE, scorer
from training.metrics import Score, Truth
from training.scores import Scores, is_of

#: Findings whose threshold must not miss many; for the others sensitivity and specificity weigh the same (Youden).
SENSITIVITY = {"Tuberculosis": 0.90, "Pneumothorax": 0.90}
#: Findings that a second threshold rules out, below which so few are left of those who have it: in every data set.
RULE_OUT = {"Abnormal": 0.98}
#: Fewer of a data set who have the finding say nothing.
FEWEST = 50
#: Share of adults' frontal chest radiographs that the distance may refuse, and that may pass for a child's.
TOO_FAR, TAKEN_FOR_CHILDREN = 0.002, 0.005


def platt(truth: Truth, logits: Score) -> tuple[float, float]:
    """Slope and offset so that sigmoid(slope x logit + offset) is a probability (Platt, 1999)."""
    fit = LogisticRegression(C=1e4).fit(logits[:, None], truth)
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])


def threshold(finding: str, truth: Truth, probabilities: Score) -> tuple[float, str]:
    """The threshold of a finding and the rule that chose it."""
    if wanted := SENSITIVITY.get(finding):
        return metrics.at_sensitivity(truth, probabilities, wanted), f"sensitivity {wanted:.2f}"
    return metrics.youden(truth, probabilities), "Youden"


def rule_out(scores: Scores, look: Mapping[str, Any], wanted: float) -> dict[str, Any]:
    """The highest threshold with ``wanted`` sensitivity in every data set: one that is easy must not hide another."""
    thresholds = []
    for source in sorted({example.source for example in scores.examples}):
        logits, truth, _ = scores.where(partial(is_of, source)).of(look["name"])
        if truth.sum() >= FEWEST:
            thresholds.append(metrics.at_sensitivity(truth, calibrated(logits, look), wanted))
    rule = f"sensitivity {wanted:.2f} in every data set"
    return {"threshold": min(thresholds, default=0.0), "operating_point": documents.UNMEASURED | {"rule": rule}}


def meant(example: Example) -> bool:
    """Whether the reader is meant for this example, and its labels are clear."""
    return not example.child and not example.disputed


def calibrated(logits: Score, look: Mapping[str, Any]) -> Score:
    """Probabilities by the manifest's entry of a finding."""
    return probability(logits, look["slope"], look["offset"])


def calibrate(content: dict[str, Any], scores: Scores) -> None:
    """Write calibration, thresholds and the gate's limits into the manifest ``content``."""
    adults = scores.where(meant)
    for look in content["findings"]:
        logits, truth, _ = adults.of(look["name"])
        look["slope"], look["offset"] = platt(truth, logits)
        look["threshold"], look["operating_point"]["rule"] = threshold(look["name"], truth, calibrated(logits, look))
        look["operating_point"]["data"] = "not evaluated"
    choose_rule_outs(content, adults)
    content["gate_limits"]["distance"] = float(np.quantile(adults.distance, 1 - TOO_FAR))
    known_adults = scores.where(lambda example: example.child is False)
    passing = float(np.quantile(known_adults.gate["child"], 1 - TAKEN_FOR_CHILDREN))
    content["gate_limits"]["child"] = max(0.5, passing)


def choose_rule_outs(content: dict[str, Any], adults: Scores) -> None:
    """Write the thresholds that rule out into the manifest ``content``, by the calibration that it has."""
    for look in content["findings"]:
        if wanted := RULE_OUT.get(look["name"]):
            look["rule_out"] = rule_out(adults, look, wanted)


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--cache", type=click.Path(file_okay=False, path_type=Path), help=CACHE)
@click.option("--all-rows", is_flag=True, help="Also on rows for research only.")
@click.option("--only-rule-out", is_flag=True, help="Choose only what rules out; all else stays as it is.")
def command(manifest: Path, data: Path, cache: Path | None, *, all_rows: bool, only_rule_out: bool) -> None:
    """Calibrate the reader of MANIFEST on the validation patients of DATA; the manifest is rewritten."""
    content = documents.read(manifest)
    say = scorer(manifest, cache)
    known = [example for example in index.load(data, open_only=not all_rows) if example.split == "val"]
    if only_rule_out:
        choose_rule_outs(content, say(list(filter(meant, known))))
    else:
        calibrate(content, say(known))
    documents.write(manifest, content)


if __name__ == "__main__":
    command()
