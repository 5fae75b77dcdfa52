"""The model card, written from what was measured and nothing else: `hilum card MANIFEST REPORT CARD`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import click

from model.weights import LAST_FEATURES
from training import documents
from training.anatomy.card import section

INTENDED = """\
## What it is for

To show a radiologist where to look in a frontal chest radiograph of a patient of {age:g} years or older, and to put
studies that may be urgent in front. It assists; it does not diagnose. Every reading is for a radiologist to review.

## What it is not for, and cannot see

- Children below {age:g} years, lateral and oblique views, other parts of the body: refused where recognised.
- Tuberculosis unless it is in the table below, rib fractures, lines and tubes, bones, the abdomen, and everything else
  that is not in that table.
- Whether a finding is new: it knows no prior radiograph and no clinical question.
- A radiograph with nothing marked is not a normal radiograph.
- The heatmap shows in which cells of a coarse grid the finding seems to be. It is no outline, and small findings may be
  missed or misplaced.

"""

EXPERIMENTAL = """\
- Findings marked *experimental* did not show an AUROC above 0.60 at the lower bound of the interval: leave them out of
  any list that you build on this.

"""


def estimate(values: list[float]) -> str:
    value, low, high = values
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def findings_table(content: dict[str, Any], found: dict[str, Any]) -> str:
    lines = [
        "| finding | positives | AUROC (95 %) | avg. precision | ECE | threshold | rule | sensitivity | specificity |",
        "|---|--:|---|---|--:|--:|---|---|---|",
    ]
    for look in content["findings"]:
        name = look["name"] + (" *(experimental)*" if look["experimental"] else "")
        if not (row := found.get(look["name"])):
            lines.append(f"| {name} | too few | | | | | | | |")
            continue
        lines.append(
            f"| {name} | {row['positives']} of {row['images']} | {estimate(row['auroc'])} "
            f"| {estimate(row['average_precision'])} | {row['ece']:.3f} | {look['threshold']:.3f} "
            f"| {look['operating_point']['rule']} | {estimate(row['sensitivity'])} | {estimate(row['specificity'])} |"
        )
    return "\n".join(lines) + "\n"


def subsets_table(content: dict[str, Any], by_subset: dict[str, Any]) -> str:
    lines = [
        "| data | finding | positives | AUROC (95 % interval) | sensitivity | specificity |",
        "|---|---|--:|---|---|---|",
    ]
    for subset, found in by_subset.items():
        lines += [
            f"| {subset} | {look['name']} | {row['positives']} of {row['images']} | {estimate(row['auroc'])} "
            f"| {estimate(row['sensitivity'])} | {estimate(row['specificity'])} |"
            for look in content["findings"]
            if (row := found.get(look["name"]))
        ]
    return "\n".join(lines) + "\n"


def ruling_out(content: dict[str, Any], report: dict[str, Any]) -> str:
    """What the thresholds that rule out are worth, in each data set; empty if there is none."""
    rows = [
        f"| {look['name']} | {look['rule_out']['threshold']:.4f} | {name} | {row['positives']} of {row['images']} "
        f"| {estimate(row['rule_out']['sensitivity'])} | {estimate(row['rule_out']['specificity'])} |\n"
        for look in content["findings"]
        if "rule_out" in look
        for name, found in report["by_subset"].items()
        if (row := found.get(look["name"])) and row["rule_out"]
    ]
    if not rows:
        return ""
    rules = {look["rule_out"]["operating_point"]["rule"] for look in content["findings"] if "rule_out" in look}
    return (
        "\n## Ruling out\n\n"
        f"A second, lower threshold, chosen on the validation patients ({', '.join(sorted(rules))}). What lies below "
        "is called ruled out; the specificity is the share of those without the finding that it rules out. A reading "
        "bears the numbers of that data set in the list above in which most is missed.\n\n"
        "| finding | threshold | data | positives | sensitivity | specificity |\n|---|--:|---|--:|---|---|\n"
        + "".join(rows)
    )


def by_group(content: dict[str, Any], report: dict[str, Any]) -> str:
    """Women and men, ages, views; empty where the data do not say."""
    if not report["by_group"]:
        return ""
    return (
        "\n## Who is read, and how the picture was taken\n\n"
        "Each group inside one data set, at the same thresholds. Groups differ in what they have and in how they were "
        "X-rayed, so a difference need not be the network's; that intervals overlap does not show that there is none."
        "\n\n" + subsets_table(content, report["by_group"])
    )


def selection(measured: dict[str, Any] | None) -> str:
    if measured is None:
        return ""
    return (
        f"On the {measured['images']} of them that are sharp images of NIH ChestX-ray14, where neither source nor "
        f"resolution tells the label, over its {len(measured['findings'])} findings: {estimate(measured['auroc'])}.\n\n"
    )


def percent(share: float | None) -> str:
    return "not measured" if share is None else f"{share:.1%}"


def gate_table(gate: dict[str, Any]) -> str:
    spoilt = [
        f"| {name}: recognised at the first look, of {gate['images of each']} | {percent(share)} |"
        for name, share in gate["recognised"].items()
    ]
    others = [
        f"| {name} | {percent(share)} |" for name, share in gate.items() if name not in {"recognised", "images of each"}
    ]
    return "\n".join(["| the gate | share |", "|---|--:|", *spoilt, *others]) + "\n"


def together(networks: int) -> str:
    if networks == 1:
        return ""
    return f"{networks} such networks read as one: all they say is averaged but the heatmaps, which are one's. "


def painter(content: dict[str, Any]) -> str:
    """What gives the heatmaps."""
    painted = content.get("heatmaps")
    cells = content["input_size"] // (painted["cell"] if painted else LAST_FEATURES)
    what = "a small decoder of features at strides 8, 16 and 32" if painted else "another one"
    return f"{what} their heatmaps ({cells} x {cells} cells)"


def places_table(content: dict[str, Any]) -> str:
    """How well the heatmaps point, as `hilum places --record` wrote it into the manifest; empty if it did not."""
    measured = [(look["name"], look["pointing"]) for look in content["findings"] if "pointing" in look]
    if not measured:
        return ""
    painted = content.get("heatmaps", {"trained_on": []})
    trained = "".join(f"- {line}\n" for line in painted["trained_on"])
    learned = f"\nThe heatmaps learned from training patients of:\n\n{trained}" if trained else ""
    rows = []
    for name, each in measured:
        hits = estimate([each["hits"], *each["hits_interval"]])
        rows.append(f"| {name} | {each['images']} | {hits} | {each['usual_place']:.3f} |\n")
    return (
        "\n## Where the heatmaps point\n\n"
        "How often the highest place of a heatmap lies in a box that people drew, on validation radiographs, and how "
        "often the place where such boxes mostly are would have hit. A reading calls a finding's place certain where "
        "the interval lies above that guess and above one half, and *location uncertain* elsewhere, also where nothing "
        "was measured.\n\n"
        "| heatmap | images | hits (95 %) | usual place |\n|---|--:|---|--:|\n" + "".join(rows) + learned
    )


def measured_before(content: dict[str, Any], report: dict[str, Any]) -> str:
    """Words for a report that an earlier version was measured for: outputs were attached to its graph since."""
    if report["reader"] == f"{content['name']} {content['version']}":
        return ""
    return (
        f"Findings and gate were measured on {report['reader']}. Outputs were attached to its graph since; the rest "
        "of it is as it was, which `hilum anatomy attach`, `hilum heatmaps attach` and `hilum laterals` check.\n\n"
    )


def write(
    content: dict[str, Any], report: dict[str, Any], remarks: str = "", outlines: Sequence[dict[str, Any]] = ()
) -> str:
    """The card in Markdown.

    ``remarks`` is a list of what else a user must know of these weights and data; ``outlines`` are reports of `hilum
    anatomy measure`, that of this reader first.
    """
    found = [row["auroc"][0] for row in report["findings"].values() if row]
    trained = "".join(f"- {line}\n" for line in content["trained_on"])
    return (
        f"# Model card: {content['name']} {content['version']}\n\n"
        f"Written from `{content['graph']}` (SHA-256 {content['sha256']}) and its evaluation; every number is printed "
        f"by `hilum evaluate`{', those of the outlines by `hilum anatomy measure`' if outlines else ''}.\n\n"
        + measured_before(content, report)
        + INTENDED.format(age=content["minimum_age"])
        + "## What it is\n\n"
        + f"EfficientNet-Lite2 from ImageNet weights, one channel, {content['input_size']} x {content['input_size']} "
        f"pixels, {content['precision']}; a 1x1 convolution gives the findings, {painter(content)}. "
        f"{together(content.get('networks', 1))}"
        "Trained on the training patients of:\n\n"
        + trained
        + "\nCalibrated (Platt) and thresholds chosen on the validation patients; no patient is in two splits.\n\n"
        + "## Know before you rely on it\n\n"
        + remarks
        + EXPERIMENTAL
        + f"## Measured on {report['images']} radiographs of {report['patients']} patients "
        f"(split {report['split']})\n\n"
        + "Patients that neither training nor calibration saw; disputed labels and children left out. Intervals: "
        "bootstrap over patients.\n\n"
        + findings_table(content, report["findings"])
        + f"\nMean AUROC over these {len(found)} findings: {sum(found) / len(found):.3f}.\n\n"
        + selection(report["selection"])
        + "## One data set at a time\n\n"
        + "A number across data sets can be a number about the data sets. Those whose name is not in the list above "
        "were never trained on.\n\n"
        + subsets_table(content, report["by_subset"])
        + ruling_out(content, report)
        + by_group(content, report)
        + "\n## The gate\n\n"
        + (gate_table(report["gate"]) if report["gate"] else "Not measured.\n")
        + places_table(content)
        + (section(outlines[0], outlines[1:]) if outlines else "")
    )


@click.command()
@click.argument("manifest", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("report", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("card", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--remarks", type=click.File(encoding="utf-8"), help="A Markdown list of what else a user must know.")
@click.option(
    "--outlines",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A report of `hilum anatomy measure`: of MANIFEST, then of others to compare. Repeatable.",
)
def command(manifest: Path, report: Path, card: Path, remarks: TextIO | None, outlines: tuple[Path, ...]) -> None:
    """Write the model card of MANIFEST from the REPORT of `hilum evaluate` to the file CARD."""
    content, measured = documents.read(manifest), documents.read(report)
    drawn = [documents.read(path) for path in outlines]
    card.write_text(write(content, measured, remarks.read() if remarks else "", drawn), encoding="utf-8")


if __name__ == "__main__":
    command()
