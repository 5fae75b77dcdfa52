"""Noto Sans (OFL.txt), Latin and Vietnamese: the letters of pictures and pages are the same on every machine."""

from pathlib import Path

REGULAR = Path(__file__).with_name("NotoSans-Regular.ttf")
BOLD = Path(__file__).with_name("NotoSans-Bold.ttf")
