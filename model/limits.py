"""What is refused for its size."""

from dataclasses import dataclass

from model.errors import NotReadable, RefusalCode


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What is refused before memory is taken for it."""

    max_bytes: int = 256 * 2**20
    max_rows: int = 8192
    max_columns: int = 8192
    max_frames: int = 16

    def check_bytes(self, count: int) -> None:
        _check("bytes", count, self.max_bytes)

    def check_grid(self, rows: int, columns: int, frames: int = 1) -> None:
        """
        Raises:
            NotReadable: too-large; or corrupt, for an image without pixels.
        """
        if min(rows, columns, frames) < 1:
            words = (
                f"An image must have rows, columns and frames, not {rows} x {columns} x {frames}. Send the original."
            )
            raise NotReadable(RefusalCode.CORRUPT, words)
        _check("rows", rows, self.max_rows)
        _check("columns", columns, self.max_columns)
        _check("frames", frames, self.max_frames)


DEFAULT_LIMITS = Limits()


def _check(what: str, count: int, most: int) -> None:
    if count > most:
        words = (
            f"A file must not have more than {most} {what}; this one has {count}. Send it smaller or raise the limit."
        )
        raise NotReadable(RefusalCode.TOO_LARGE, words)
