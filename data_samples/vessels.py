"""Trees that fill the lungs: each is the cheapest tree that reaches its targets, thick where many branches meet."""

import numpy as np
from numpy.typing import NDArray

from data_samples.space import Array, Cloud

Indices = NDArray[np.int64]

#: Attenuation per mm of blood beyond that of the lung around it.
BLOOD = 0.0145
#: Murray's law: the cube (in lungs a little less) of a trunk's radius is the sum over its branches.
_MURRAY = 2.75
_STEP = 0.4


def grown(trunk: Array, targets: Array, *, directness: float = 0.18) -> tuple[Array, Indices]:
    """Nodes (n, 3) and the parent of each, from ``trunk`` (k, 3) to every one of ``targets``.

    ``directness`` weighs the way back to the heart against new length: 0 grows long and crooked branches, 1 a star.
    """
    nodes, parents = [*trunk], [max(0, i - 1) for i in range(len(trunk))]
    ways = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(trunk, axis=0), axis=1))]).tolist()
    waiting = np.arange(len(targets))
    cost, best = np.full(len(targets), np.inf), np.zeros(len(targets), np.int64)
    fresh = range(len(trunk))
    while len(waiting):
        for node in fresh:
            price = np.linalg.norm(targets[waiting] - nodes[node], axis=1) + directness * ways[node]
            better = waiting[price < cost[waiting]]
            cost[better] = price[price < cost[waiting]]
            best[better] = node
        place = int(np.argmin(cost[waiting]))
        target = waiting[place]
        parent = int(best[target])
        fresh = range(len(nodes), len(nodes) + 1)
        ways.append(ways[parent] + float(np.linalg.norm(targets[target] - nodes[parent])))
        nodes.append(targets[target])
        parents.append(parent)
        waiting = np.delete(waiting, place)
    return np.array(nodes, np.float32), np.array(parents, np.int64)


def radii_of(parents: Indices, tip: float) -> Array:
    """Radius of the branch that ends in each node, by Murray's law from tips of radius ``tip`` mm."""
    flow = np.zeros(len(parents))
    for node in range(len(parents) - 1, 0, -1):
        flow[node] = max(flow[node], 1.0)
        flow[parents[node]] += flow[node]
    flow[0] = max(flow[0], 1.0)
    return np.asarray((tip * flow ** (1 / _MURRAY)), np.float32)


def _straightened(nodes: Array, parents: Indices, fixed: int) -> Array:
    """Soften the corners: every node moves towards the middle of its neighbours."""
    for _ in range(3):
        children = np.zeros_like(nodes)
        count = np.zeros((len(nodes), 1), np.float32)
        np.add.at(children, parents[fixed:], nodes[fixed:])
        np.add.at(count, parents[fixed:], 1)
        middle = np.where(count > 0, (children / np.maximum(count, 1) + nodes[parents]) / 2, nodes)
        nodes = np.concatenate([nodes[:fixed], (nodes + middle)[fixed:] / 2])
    return nodes


def tree(trunk: Array, targets: Array, *, tip: float = 0.6, largest: float) -> Cloud:
    """The vessels from ``trunk`` to ``targets`` as a cloud; each point stands for a slice of a round vessel."""
    nodes, parents = grown(trunk, targets)
    nodes = _straightened(nodes, parents, len(trunk))
    radii = np.minimum(radii_of(parents, tip), largest)
    start, end = nodes[parents[1:]], nodes[1:]
    lengths = np.linalg.norm(end - start, axis=1)
    counts = np.maximum(1, np.ceil(lengths / _STEP).astype(np.int64))
    branch = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(len(branch)) - np.repeat(np.cumsum(counts) - counts, counts) + 0.5) / counts[branch]
    points = start[branch] + share[:, None] * (end - start)[branch]
    radius = radii[1:][branch]
    slice_length = (lengths / counts)[branch]
    return Cloud(
        points=points.astype(np.float32),
        weights=(BLOOD * np.pi * radius**2 * slice_length).astype(np.float32),
        radii=radius.astype(np.float32),
    )
