"""All routes of ``/dicom-web`` over some services."""

from fastapi import APIRouter

from serving.dicomweb import retrieve_instances, retrieve_metadata, storing
from serving.dicomweb.urls import BASE
from serving.services import Services


def make_dicomweb(services: Services) -> APIRouter:
    api = APIRouter(prefix=BASE, tags=["dicomweb"])
    for part in (storing, retrieve_instances, retrieve_metadata):
        part.add_routes(api, services)
    return api
