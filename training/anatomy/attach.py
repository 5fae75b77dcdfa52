"""From a reader that draws no outlines to one that does: the decoder becomes a part of its graph."""

from pathlib import Path
from typing import Any

from model.reader import DRAWN
from training import joining
from training.anatomy.decoder import CELL, Decoder

#: Of the ratio, until `hilum anatomy measure --record`.
UNMEASURED = [-1.0, 1.0]


def attach(manifest: Path, content: dict[str, Any], version: str, out: Path) -> Path:
    """Write to ``out`` the reader of ``manifest`` as ``version`` with the decoder that ``learn`` saved as ``content``.

    Raises:
        ValueError: if the reader has another network than the one that the decoder was learned on, or the graph
            computes something else than torch.
    """
    drawing = {"cell": CELL, "ratio_error": UNMEASURED, "data": "not measured", "trained_on": content["trained_on"]}
    return joining.attach(manifest, Decoder(), content, out, DRAWN, {"version": version, "anatomy": drawing})
