"""All routes of ``/dicom-web`` over some services."""

from fastapi import APIRouter

from serving.dicomweb import (
    capabilities,
    retrieve_bulkdata,
    retrieve_frames,
    retrieve_instances,
    retrieve_metadata,
    retrieve_rendered,
    searching,
    storing,
)
from serving.dicomweb.urls import BASE
from serving.services import Services

#: Modules of the functions that decode for these routes: a decoder loads them when it starts.
DECODED_BY = ("serving.dicomweb.metadata", "serving.dicomweb.rendering", "serving.dicomweb.transcoding")


def make_dicomweb(services: Services) -> APIRouter:
    api = APIRouter(prefix=BASE, tags=["dicomweb"])
    retrieving = (retrieve_instances, retrieve_metadata, retrieve_frames, retrieve_bulkdata, retrieve_rendered)
    for part in (storing, searching, *retrieving, capabilities):
        part.add_routes(api, services)
    return api
