"""Destinations by their URLs."""

from pathlib import Path

import pytest

from model.errors import Misconfigured
from serving.destinations import configured
from serving.senders.c_store import Pacs
from serving.senders.folder import Folder
from serving.senders.sender import Sender
from serving.senders.stow import Stow
from serving.senders.webhook import Webhook
from serving.settings import Settings


def senders(listed: str) -> dict[str, Sender]:
    return {name: one.sender for name, one in configured(Settings(destinations=listed)).items()}


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        (
            "dicom://ORTHANC@pacs.example:4242",
            Pacs(title="ORTHANC", host="pacs.example", port=4242, our_title="HILUM", kinds=("sr", "sc")),
        ),
        ("dicom://A%20B@[::1]:104", Pacs(title="A B", host="::1", port=104, our_title="HILUM", kinds=("sr", "sc"))),
        (
            "dicom://X@h:1?presentations=gsps",
            Pacs(title="X", host="h", port=1, our_title="HILUM", kinds=("gsps",)),
        ),
        ("stow+https://pacs/dicom-web/", Stow(url="https://pacs/dicom-web", secret=None, kinds=("sr", "sc"))),
        ("stow+http://[::1]:8042/w", Stow(url="http://[::1]:8042/w", secret=None, kinds=("sr", "sc"))),
        ("https://ris/hook?token=7", Webhook(url="https://ris/hook?token=7", secret=None, presentations=("json",))),
        ("file:///srv/re%20sults", Folder(path=Path("/srv/re sults"), presentations=("json",))),
        ("file:///srv?presentations=sr", Folder(path=Path("/srv"), presentations=("sr",))),
    ],
)
def test_a_url_names_a_kind_and_a_place(url: str, sender: Sender) -> None:
    assert senders(f"d={url}") == {"d": sender}


def test_presentations_are_listed_with_commas_beside_other_destinations() -> None:
    found = senders("a=file:///tmp/x,p=dicom://X@h:1?presentations=sr,sc,gsps,b=https://ris/hook")
    assert list(found) == ["a", "p", "b"]
    assert isinstance(found["p"], Pacs)
    assert found["p"].kinds == ("sr", "sc", "gsps")


@pytest.mark.parametrize(
    "listed",
    [
        "p=dicom://h:104",  # no title
        "p=dicom://A@h",  # no port
        "p=dicom://A@h:99999",
        "p=dicom://ABCDEFGHIJKLMNOPQ@h:104",  # 17 characters
        "p=dicom://A@h:104?presentations=poem",
        "p=dicom://A@h:104?presentations=json",
        "p=dicom://A@h:104?colour=red",
        "p=stow+https:///dicom-web",
        "p=stow+https://h/w?x=1",
        "p=https://",
        "p=https://h?presentations=sr",
        "p=file:relative",
        "p=file://host/path",
        "p=ftp://h",
        "p=",
        "2p=file:///tmp",
        "p=dicom://A@h:1,p=dicom://A@h:1",
    ],
)
def test_what_is_no_destination_is_said_at_the_start(listed: str) -> None:
    with pytest.raises(Misconfigured, match=r"^HILUM_DESTINATIONS lists name=URL; '2?p' m"):
        configured(Settings(destinations=listed))


def test_nothing_that_is_printed_holds_a_password() -> None:
    listed = "a=https://u:s3cret@h/x,b=stow+https://u:s3cret@h/x"
    assert "s3cret" not in repr(configured(Settings(destinations=listed)))
    with pytest.raises(Misconfigured) as caught:
        configured(Settings(destinations="a=https://u:s3cret@h/x,a=ftp://u:s3cret@h"))
    assert "s3cret" not in str(caught.value)
