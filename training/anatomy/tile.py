"""A radiograph with its outlines, to look at."""

import cv2
import numpy as np
from numpy.typing import NDArray

from model.anatomy import polygons
from model.radiograph import Radiograph
from model.reading import Point, Reading

HEIGHT = 320
#: Blue, green, red; told apart by those who do not see red or green, too.
COLOURS = {"right_lung": (255, 180, 60), "left_lung": (160, 255, 160), "heart": (60, 120, 255)}
WHITE = (255, 255, 255)


def tile(radiograph: Radiograph, reading: Reading) -> NDArray[np.uint8]:
    """uint8 (HEIGHT, columns, 3): polygons, and the two lines of the ratio with its value."""
    rows, columns = radiograph.pixels.shape
    scale = HEIGHT / rows
    grey = cv2.resize(radiograph.pixels, (round(columns * scale), HEIGHT), interpolation=cv2.INTER_AREA)
    picture = cv2.cvtColor(np.round(grey * 200).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    if reading.outlines:
        for name, corners in polygons(reading.outlines).items():
            cv2.polylines(picture, [_scaled(corners, scale)], True, COLOURS[name], 1, cv2.LINE_AA)
    ratio = reading.cardiothoracic_ratio
    if ratio and ratio.heart and ratio.chest:
        for ends in (ratio.heart, ratio.chest):
            cv2.polylines(picture, [_scaled(list(ends), scale)], False, WHITE, 1, cv2.LINE_AA)
        place = (6, HEIGHT - 8)
        cv2.putText(picture, f"{ratio.value:.2f}", place, cv2.FONT_HERSHEY_SIMPLEX, 0.5, WHITE, 1, cv2.LINE_AA)
    return np.asarray(picture, np.uint8)


def _scaled(points: list[Point], scale: float) -> NDArray[np.int32]:
    return np.round(np.array(points) * scale).astype(np.int32)
