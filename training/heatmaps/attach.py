"""A reader whose heatmaps are those of the decoder: it becomes a part of the graph, in the place of what drew them."""

from pathlib import Path
from typing import Any

from training import documents, joining
from training.heatmaps.decoder import CELL, Decoder

#: The output of the graph that the heatmaps are.
MAPS = "maps"


def attach(manifest: Path, content: dict[str, Any], version: str, out: Path) -> Path:
    """Write to ``out`` the reader of ``manifest`` as ``version`` with the decoder that ``learn`` saved as ``content``.

    How well the heatmaps point is then not measured: `hilum places --record`.

    Raises:
        ValueError: if the reader has another network or other findings than those that the decoder was learned on, or
            the graph computes something else than torch.
    """
    looks = documents.read(manifest)["findings"]
    findings = [look["name"] for look in looks]
    if content["findings"] != findings:
        msg = f"The decoder must have been learned for {findings}, not {content['findings']}."
        raise ValueError(msg)
    for look in looks:
        look.pop("pointing", None)
    painted = {"cell": CELL, "trained_on": content["trained_on"]}
    said = {"version": version, "findings": looks, "heatmaps": painted}
    return joining.attach(manifest, Decoder(len(findings)), content, out, MAPS, said)
