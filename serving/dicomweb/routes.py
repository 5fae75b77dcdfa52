"""All routes of ``/dicom-web`` over some services."""

from fastapi import APIRouter

from serving.services import Services

#: The Base URI (PS3.18, 8.2).
BASE = "/dicom-web"


def make_dicomweb(services: Services) -> APIRouter:
    return APIRouter(prefix=BASE, tags=["dicomweb"])
