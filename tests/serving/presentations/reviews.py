"""Reviews as the store hands them over."""

from typing import Any

BOX = {"x": 100.0, "y": 200.0, "width": 300.0, "height": 150.0}
COMMENT = "Tràn dịch màng phổi trái"
DOCUMENT: dict[str, Any] = {
    "verdicts": [
        {"finding": "Effusion", "verdict": "corrected", "box": BOX, "comment": "nhỏ hơn"},
        {"finding": "Cardiomegaly", "verdict": "rejected", "box": None, "comment": ""},
    ],
    "missed": [
        {"finding": "Nodule", "box": BOX, "comment": ""},
        {"finding": "Fracture", "box": None, "comment": "xương sườn 5"},
    ],
    "comment": COMMENT,
}


def said(number: int = 1, **more: Any) -> dict[str, Any]:
    """The column "review" of a delivery (``store/queries.sql: delivery_to_send``)."""
    return {
        "number": number,
        "predecessor": 0,
        "amends": False,
        "formerly_added": [],
        "signed_off": True,
        "reviewer": "bs. Trần^A",
        "reviewed_at": "2026-03-04T09:00:00.5+00:00",
        "document": DOCUMENT,
        **more,
    }
