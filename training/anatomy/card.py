"""What the model card says of the outlines: the reports of `hilum anatomy measure`, and nothing else."""

from collections.abc import Sequence
from typing import Any

HEAD = (
    "| outlines of | people drew in | split | n | Dice lungs (95 %) | Dice heart (95 %) | ratio less theirs (95 %) |",
    "|---|---|---|--:|---|---|---|",
)


def table(report: dict[str, Any]) -> list[str]:
    """A line in Markdown for each source in a report."""
    lines = []
    for source, row in report["sources"].items():
        heart, ratio = "not drawn", ""
        if "heart" in row:
            low, high = row["ratio"]["limits"]
            heart, ratio = estimate(row["heart"]), f"{row['ratio']['bias']:+.3f} ({low:+.3f} to {high:+.3f})"
        place = f"{report['reader']} | {source} | {' and '.join(report['splits'])} | {row['radiographs']}"
        lines.append(f"| {place} | {estimate(row['lungs'])} | {heart} | {ratio} |")
    return lines


def estimate(values: Sequence[float]) -> str:
    value, low, high = values
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def section(shipped: dict[str, Any], others: Sequence[dict[str, Any]]) -> str:
    """The section of the card: of the reader that ships, beside others that only show what more data would give."""
    reports = (shipped, *others)
    rows = [line for report in reports for line in table(report)]
    sources = {report["reader"]: report["trained_on"] for report in reports}
    learned = [f"- {name}: " + "; ".join(each) + "\n" for name, each in sources.items()]
    return (
        "\n## Lung fields, heart and the cardiothoracic ratio\n\n"
        "A decoder on the features of the network, which stays as it is, outlines both lung fields and the heart. "
        "Compared with outlines that people drew:\n\n"
        + "\n".join([*HEAD, *rows])
        + "\n\nLearned from:\n\n"
        + "".join(learned)
        + "\nThe ratio is stated on PA radiographs only. Outlines that no chest has are not shown; then no ratio, no "
        "side. A finding's side and zone are those of its heatmap inside the lung fields, and no more certain than the "
        "heatmap is.\n"
    )
