"""Who reads."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from model.findings import FINDINGS
from model.weights import DEFAULT
from serving import schemas
from serving.presentations.reading_json import NOTICE
from serving.problems import Problem
from serving.services import Services
from serving.settings import names


def add_routes(api: APIRouter, services: Services) -> None:
    card = (services.settings.weights or DEFAULT).with_name("MODEL_CARD.md")
    days = services.settings.keep_days
    storage = f"Studies are kept for {days} days after their last image." if days else "Studies are kept."

    @api.get("/reader", summary="Who reads", tags=["reader"], response_model=schemas.ReaderInformation)
    def get_reader(request: Request) -> dict[str, Any]:
        return {
            "reader": services.reader,
            "service": request.app.version,
            "notice": NOTICE,
            "storage": storage,
            "model_card": "/api/model-card" if card.is_file() else None,
            "urgent_findings": list(names(services.settings.urgent_findings)),
            "known_findings": list(FINDINGS),
        }

    @api.get(
        "/model-card",
        summary="What the reader was trained on and cannot see",
        tags=["reader"],
        response_class=PlainTextResponse,
        responses=schemas.problem_responses(404),
    )
    def get_model_card() -> PlainTextResponse:
        if not card.is_file():
            raise Problem("not-found", "These weights come without a model card (MODEL_CARD.md).")
        return PlainTextResponse(card.read_text(encoding="utf-8"))
