"""Where things are (PS3.18, 10.4.1): URLs that a client can ask, made from the one that it did ask."""

from fastapi import Request

#: The Base URI (PS3.18, 8.2), below the service's root.
BASE = "/dicom-web"


def base_url(request: Request) -> str:
    """The interface as this client calls it, without a slash at its end."""
    return str(request.base_url).rstrip("/") + BASE


def study_url(base: str, study_instance_uid: str) -> str:
    return f"{base}/studies/{study_instance_uid}"


def series_url(base: str, study_instance_uid: str, series_instance_uid: str) -> str:
    return f"{study_url(base, study_instance_uid)}/series/{series_instance_uid}"


def instance_url(base: str, study_instance_uid: str, series_instance_uid: str, sop_instance_uid: str) -> str:
    return f"{series_url(base, study_instance_uid, series_instance_uid)}/instances/{sop_instance_uid}"
