"""Which versions of the operators a graph needs: each domain is named once (onnx.proto, ModelProto.opset_import)."""

import onnx


def once_each(graph: onnx.ModelProto) -> None:
    """Name each domain once in ``graph``: one that was put together of two may name it twice."""
    versions = {each.domain: each.version for each in graph.opset_import}
    del graph.opset_import[:]
    graph.opset_import.extend(onnx.helper.make_opsetid(domain, version) for domain, version in versions.items())
