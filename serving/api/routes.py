"""All routes of ``/api`` over some services."""

from fastapi import APIRouter

from serving.api import audit, dead_letters, destinations, events, instances, pictures, reader, reviews, studies
from serving.services import Services


def make_api(services: Services) -> APIRouter:
    api = APIRouter(prefix="/api")
    for part in (audit, instances, studies, reviews, pictures, dead_letters, destinations, events, reader):
        part.add_routes(api, services)
    return api
