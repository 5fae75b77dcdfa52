import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.placement import Placement
from model.reading import Heatmap
from serving.presentations.display import heatmap_png, overlay_on, overlay_png, render


def heatmap(cells: list[list[float]], rows: int = 40, columns: int = 40) -> Heatmap:
    placement = Placement(rows=rows, columns=columns, size=384)
    return Heatmap(finding="Effusion", cells=np.array(cells, np.float32), placement=placement)


def decoded(data: bytes) -> NDArray[np.uint8]:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return np.asarray(picture, dtype=np.uint8)


@pytest.mark.parametrize(
    ("rows", "columns", "longest", "shape"),
    [(300, 200, 1000, (300, 200)), (300, 200, 150, (150, 100)), (200, 300, 150, (100, 150)), (3, 3000, 100, (1, 100))],
)
def test_a_rendition_is_bounded_and_keeps_its_shape(
    rows: int, columns: int, longest: int, shape: tuple[int, int]
) -> None:
    rendition = render(np.full((rows, columns), 0.5, np.float32), longest)
    picture = decoded(rendition)
    assert picture.shape == shape
    assert np.abs(picture.astype(int) - 128).max() <= 2  # 0.5 x 255, within JPEG's error


def test_grey_is_255_times_the_value() -> None:
    picture = decoded(heatmap_png(heatmap([[0.0, 1.0]]), 40))
    assert (picture[:, 0].max(), picture[:, -1].min()) == (0, 255)
    assert abs(int(picture[20, 20]) - 128) <= 7  # half way between the cells, 1/40 of the way a column


def test_the_overlay_leaves_alone_where_nothing_was_seen() -> None:
    colour = decoded(overlay_png(heatmap([[0.0, 0.9]]), 40))
    assert colour[:, :5, 3].max() == 0
    assert 0 < colour[:, -5:, 3].min() < 200  # strong, yet the radiograph shows through
    rendition = render(np.full((40, 40), 0.5, np.float32), 40)
    laid_over = decoded(overlay_on(rendition, heatmap([[0.0, 0.9]]), ".png"))
    assert np.ptp(laid_over[:, :5], axis=2).max() == 0
    assert np.ptp(laid_over[:, -5:], axis=2).min() > 30


def test_a_line_is_drawn_around_what_is_more_likely_than_not() -> None:
    reached = decoded(overlay_png(heatmap([[0.0, 0.9]]), 40))
    below = decoded(overlay_png(heatmap([[0.0, 0.49]]), 40))
    assert reached[..., 3].max() == 204  # 0.8 x 255, the line's own opacity
    # No line: (0.49 - 0.4) / (1 - 0.4) of the strongest overlay, 0.65 x 255, is 25.
    assert below[..., 3].max() == 25
