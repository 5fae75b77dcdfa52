"""From a reader that draws no outlines to one that does: the decoder becomes a part of its graph."""

from pathlib import Path
from typing import Any

import onnx

from model.reader import DRAWN
from training import documents, levels
from training.anatomy.decoder import CELL, Decoder
from training.export import facts
from training.joining import join

#: Of the ratio, until `hilum anatomy measure --record`.
UNMEASURED = [-1.0, 1.0]


def attach(manifest: Path, content: dict[str, Any], version: str, out: Path) -> Path:
    """Write to ``out`` the reader of ``manifest`` as ``version`` with the decoder that ``learn`` saved as ``content``.

    Raises:
        ValueError: if the reader has another network than the one that the decoder was learned on, or the graph
            computes something else than torch.
    """
    reader = documents.read(manifest)
    graph = onnx.load(str(manifest.with_name(reader["graph"])))
    tensors = levels.find(graph, [each.numpy() for each in content["fingerprint"]])
    decoder = Decoder()
    decoder.load_state_dict(content["decoder"])
    whole = join(graph, decoder, tensors, reader["input_size"], DRAWN)
    out.mkdir(parents=True, exist_ok=True)
    path = out / reader["graph"]
    onnx.save(whole, str(path))
    drawing = {"cell": CELL, "ratio_error": UNMEASURED, "data": "not measured", "trained_on": content["trained_on"]}
    documents.write(out / manifest.name, reader | facts(path) | {"version": version, "anatomy": drawing})
    return out / manifest.name
