"""The reliability diagram: does 30 % mean that three in ten have it?"""

from pathlib import Path
from typing import Any

import matplotlib as mpl


def draw(report: dict[str, Any], path: Path) -> None:
    """One panel a finding: mean probability against the observed share, the size of a point by its count."""
    mpl.use("Agg")
    from matplotlib import pyplot  # noqa: PLC0415  after the choice of a backend that needs no screen

    measured = {name: found for name, found in report["findings"].items() if found}
    columns = min(4, max(1, len(measured)))
    rows = -(-len(measured) // columns) or 1
    figure, axes = pyplot.subplots(rows, columns, figsize=(3 * columns, 3 * rows), squeeze=False, layout="constrained")
    for axis in axes.flat[len(measured) :]:
        axis.axis("off")
    for axis, (name, found) in zip(axes.flat, measured.items(), strict=False):
        mean, observed, count = zip(*found["reliability"], strict=True)
        axis.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        axis.scatter(mean, observed, s=[8 + 120 * each / max(count) for each in count], color="#0b6e8f")
        axis.set_title(f"{name}  ECE {found['ece']:.3f}", fontsize=9)
        axis.set_xlim(-0.02, 1.02)
        axis.set_ylim(-0.02, 1.02)
    figure.supxlabel("probability given")
    figure.supylabel("share that has the finding")
    figure.savefig(path, dpi=80)
    pyplot.close(figure)
