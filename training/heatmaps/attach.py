"""A reader whose heatmaps are those of the decoder: it becomes a part of the graph, in the place of what drew them."""

from pathlib import Path
from typing import Any

import onnx

from training import documents, levels
from training.export import facts
from training.heatmaps.decoder import CELL, Decoder
from training.joining import join

#: The output of the graph that the heatmaps are.
MAPS = "maps"


def attach(manifest: Path, content: dict[str, Any], version: str, out: Path) -> Path:
    """Write to ``out`` the reader of ``manifest`` as ``version`` with the decoder that ``learn`` saved as ``content``.

    How well the heatmaps point is then not measured: `hilum places --record`.

    Raises:
        ValueError: if the reader has another network or other findings than those that the decoder was learned on, or
            the graph computes something else than torch.
    """
    reader = documents.read(manifest)
    findings = [look["name"] for look in reader["findings"]]
    if content["findings"] != findings:
        msg = f"The decoder must have been learned for {findings}, not {content['findings']}."
        raise ValueError(msg)
    graph = onnx.load(str(manifest.with_name(reader["graph"])))
    tensors = levels.find(graph, [each.numpy() for each in content["fingerprint"]])
    decoder = Decoder(len(findings))
    decoder.load_state_dict(content["decoder"])
    whole = join(graph, decoder, tensors, reader["input_size"], MAPS)
    out.mkdir(parents=True, exist_ok=True)
    path = out / reader["graph"]
    onnx.save(whole, str(path))
    for look in reader["findings"]:
        look.pop("pointing", None)
    painted = {"cell": CELL, "trained_on": content["trained_on"]}
    documents.write(out / manifest.name, reader | facts(path) | {"version": version, "heatmaps": painted})
    return out / manifest.name
