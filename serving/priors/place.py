"""The archive that the setting ``priors`` names."""

from urllib.parse import urlsplit

from model.errors import Misconfigured
from serving.priors import dicomweb, dimse
from serving.priors.archive import Archive
from serving.settings import Settings


def configured_archive(settings: Settings) -> Archive | None:
    """None when no archive is named.

    Raises:
        Misconfigured: when it is named wrongly.
    """
    if settings.priors is None:
        return None
    parts = urlsplit(settings.priors)
    try:
        if parts.scheme == "dicom":
            return dimse.make(parts, settings.ae_title)
        if parts.scheme in {"dicomweb+http", "dicomweb+https"}:
            return dicomweb.make(parts)
        raise ValueError("must begin with dicom:, dicomweb+http: or dicomweb+https:")
    except ValueError as error:
        raise Misconfigured(f"HILUM_PRIORS {error}.") from None
