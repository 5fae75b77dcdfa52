"""`hilum anatomy learn | attach | measure | draw`: a reader that outlines lung fields and heart."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
import cv2
import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from model.limits import Limits
from model.radiograph import Radiograph
from model.reader import Reader
from training import documents, levels
from training.anatomy.attach import attach
from training.anatomy.card import HEAD, table
from training.anatomy.learn import learn, taught
from training.anatomy.measure import compare, summary
from training.anatomy.outlines import Outlined, counted, drawn, synthetic
from training.anatomy.pool import Pool
from training.anatomy.tile import tile
from training.arguments import existing
from training.augmentation import SHARP
from training.datasets import index
from training.datasets.example import Example

#: Of the radiographs drawn, how many are of each kind, where there are such.
SYNTHETIC, BY_PEOPLE, BY_ITSELF = 0.35, 0.2, 0.45
#: Data sets to measure on, and whether people outlined the heart too.
MEASURED = ("JSRT", "Shenzhen TB (NLM)")


@click.group("anatomy", help=__doc__)
def command() -> None:
    pass


@command.command("learn")
@click.argument("manifest", type=existing(folder=False))
@click.argument("data", type=existing(folder=True))
@click.argument("chests", type=existing(folder=True))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--draws", default=2000, show_default=True, help="Augmented radiographs in the pool.")
@click.option("--passes", default=8, show_default=True, help="Times that each of them is learned from.")
@click.option("--untaught", default=600, show_default=True, help="Radiographs without outlines to go on from.")
@click.option("--seed", default=0, show_default=True)
@click.option("--all-rows", is_flag=True, help="Also masks whose use is restricted to research.")
def learn_command(
    manifest: Path,
    data: Path,
    chests: Path,
    out: Path,
    draws: int,
    passes: int,
    untaught: int,
    seed: int,
    *,
    all_rows: bool,
) -> None:
    """Learn outlines on the features of the reader MANIFEST; the decoder goes to OUT.

    First from CHESTS, which `python -m data_samples.anatomy` wrote, and the masks of DATA; then also from what was
    learned, on radiographs of DATA that nobody outlined.
    """
    session = levels.of_first(manifest)
    made = list(synthetic(chests))
    given = [each for each in drawn(data, open_only=not all_rows) if each.split == "train"]
    first = learn(pool(session, [made, given], [1 - BY_PEOPLE, BY_PEOPLE], draws // 2, seed), passes=passes, seed=seed)
    own = taught(session, first, without_outlines(data, untaught, seed))
    mixed = pool(session, [made, given, own], [SYNTHETIC, BY_PEOPLE, BY_ITSELF], draws, seed + 1)
    decoder = learn(mixed, passes=passes, seed=seed + 1)
    sources = counted([*made, *given]) | {f"{name}, outlined by itself": n for name, n in counted(own).items()}
    trained_on = [f"{name}: {count} radiographs" for name, count in sources.items()]
    fingerprint = [torch.from_numpy(each) for each in levels.fingerprint(session)]
    torch.save({"decoder": decoder.state_dict(), "fingerprint": fingerprint, "trained_on": trained_on}, out)
    click.echo("\n".join(trained_on))


def pool(
    session: onnxruntime.InferenceSession,
    kinds: Sequence[Sequence[Outlined]],
    shares: Sequence[float],
    draws: int,
    seed: int,
) -> Pool:
    """Radiographs of all ``kinds``, each kind with its share."""
    weights = [share / len(kind) for kind, share in zip(kinds, shares, strict=True) for _ in kind]
    return Pool(session, [each for kind in kinds for each in kind], weights, draws=draws, seed=seed)


def without_outlines(data: Path, count: int, seed: int) -> list[Example]:
    """A draw of sharp open radiographs of adults from the training split."""
    fit = [each for each in index.load(data) if each.split == "train" and not each.child and each.resolution >= SHARP]
    rows = np.random.default_rng(seed).permutation(len(fit))[:count]
    return [fit[row] for row in rows.tolist()]


@command.command("attach")
@click.argument("manifest", type=existing(folder=False))
@click.argument("decoder", type=existing(folder=False))
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--version", required=True, help="Of the reader that comes of it: it reads otherwise than the one before."
)
def attach_command(manifest: Path, decoder: Path, out: Path, version: str) -> None:
    """Write to OUT the reader MANIFEST with the DECODER that `hilum anatomy learn` made."""
    content = torch.load(decoder, weights_only=True)
    click.echo(f"Manifest: {attach(manifest, content, version, out)}")


@command.command("measure")
@click.argument("manifest", type=existing(folder=False))
@click.argument("data", type=existing(folder=True))
@click.option(
    "--split", type=click.Choice(["train", "val", "test"]), multiple=True, default=["test"], show_default=True
)
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures there.")
@click.option("--record", "recorded", is_flag=True, help="Write the ratio's error into the manifest.")
def measure_command(manifest: Path, data: Path, split: tuple[str, ...], report: Path | None, *, recorded: bool) -> None:
    """Compare the outlines of MANIFEST with those that people drew in DATA."""
    reader = Reader.load(manifest, threads=1)
    held_out = [each for each in drawn(data, open_only=False) if each.split in split and each.source in MEASURED]
    found = {
        source: summary([compare(partial(outlined_by, reader), each) for each in held_out if each.source == source])
        for source in MEASURED
    }
    drawing = reader.manifest.anatomy
    assert drawing is not None
    said = {"reader": reader.name, "trained_on": list(drawing.trained_on), "splits": list(split), "sources": found}
    click.echo("\n".join([*HEAD, *table(said)]))
    if report:
        documents.write(report, said)
    if recorded:
        content = documents.read(manifest)
        ratio = found[MEASURED[0]]["ratio"]
        content["anatomy"] |= {
            "ratio_error": ratio["limits"],
            "data": f"{ratio['radiographs']} radiographs of {MEASURED[0]}, split {' and '.join(split)}",
        }
        documents.write(manifest, content)


def outlined_by(reader: Reader, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    logits = reader.look(Radiograph(pixels=np.divide(pixels, 255, dtype=np.float32))).anatomy
    assert logits is not None, "the manifest must be of a reader that draws outlines"
    return logits


@command.command("draw")
@click.argument("manifest", type=existing(folder=False))
@click.argument("files", type=existing(folder=False), nargs=-1, required=True)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def draw_command(manifest: Path, files: tuple[Path, ...], out: Path) -> None:
    """Draw what MANIFEST outlines in the radiographs FILES, and the lines of the ratio, into one picture."""
    reader = Reader.load(manifest)
    tiles = [tile(radiograph, reader.read(radiograph)) for radiograph in map(decoded, files)]
    cv2.imwrite(str(out), np.hstack(tiles))


def decoded(file: Path) -> Radiograph:
    return Radiograph.from_bytes(file.read_bytes(), limits=Limits())
