"""All routes of accounts, sessions and keys."""

from fastapi import APIRouter

from serving.services import Services
from serving.users import account_routes, key_routes, oidc_routes, session_routes


def make_users(services: Services) -> APIRouter:
    api = APIRouter(prefix="/api")
    for part in (session_routes, oidc_routes, account_routes, key_routes):
        part.add_routes(api, services)
    return api
