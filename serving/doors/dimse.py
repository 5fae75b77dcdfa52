"""C-STORE: the door for PACS and modalities (PS3.4, annex B; PS3.7, 9.1.1).

A data set goes to the disk as it came, without being parsed beyond a few elements; the sender hears Success (0x0000)
once it is fsynced and committed.
"""

import logging
import time
from typing import cast

from pydicom.uid import UID, AllTransferSyntaxes
from pynetdicom import AE, AllStoragePresentationContexts, _config, evt
from pynetdicom.dimse_primitives import C_STORE
from pynetdicom.events import Event

from model.errors import Misconfigured, Unavailable
from serving.doors.taking import take
from serving.instances import Origin, Priority
from serving.logs import place_of
from serving.problems import StorageFull
from serving.services import Services
from serving.settings import Settings, names
from serving.store.reception import Receipt

log = logging.getLogger("hilum.dimse")

#: C-STORE statuses (PS3.4, table B.2-1).
SUCCESS, OUT_OF_RESOURCES, CANNOT_UNDERSTAND, DUPLICATE_UID = 0x0000, 0xA700, 0xC000, 0x0111
_HIGH = 1  # Priority (0000,0700): 0 medium, 1 high, 2 low
#: 1.45 times faster than the 16 KiB that is common; the sender may ask for less.
_MAX_PDU = 131072
_IDLE_SECONDS = 60
#: A connection that asks for no association for so long is closed: it takes the place of one that does.
_REQUEST_SECONDS = 10
_VERIFICATION = UID("1.2.840.10008.1.1")
_STORAGE = [cast("UID", context.abstract_syntax) for context in AllStoragePresentationContexts]


class Receiver:
    """A Storage SCP, with C-ECHO."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stat = names(services.settings.stat_senders)
        self._ae = _application_entity(services.settings)

    def start(self) -> None:
        """Listen, in threads of its own.

        Raises:
            Misconfigured: when the address cannot be listened on.
        """
        settings = self._services.settings
        try:
            self._ae.start_server(
                (settings.dimse_host, settings.dimse_port),
                block=False,
                evt_handlers=[(evt.EVT_C_STORE, self._store), (evt.EVT_CONN_CLOSE, _free_place)],
            )
        except OSError as error:
            where = f"{settings.dimse_host}:{settings.dimse_port}"
            words = f"{where} must be free to listen on for C-STORE, but is not: {error.strerror}."
            raise Misconfigured(f"{words} Choose another HILUM_DIMSE_PORT, or 0 for none.") from None
        log.info("listening for C-STORE as %s on port %d", settings.ae_title, settings.dimse_port)

    def stop(self, seconds: float = 10) -> None:
        """Take no new associations, let those under way end, for so long."""
        until = time.monotonic() + seconds
        servers = self._ae._servers
        for server in servers:
            server.socket.close() if server.socket else None
        while self._ae.active_associations and time.monotonic() < until:
            time.sleep(0.05)
        self._ae.shutdown()

    def _store(self, event: Event) -> int:
        request = cast("C_STORE", event.request)
        sender = event.assoc.requestor.ae_title
        urgent = request.Priority == _HIGH or sender in self._stat
        origin = Origin(door="dimse", sender=sender, priority=Priority.STAT if urgent else Priority.ROUTINE)
        try:
            taken = take(event.encoded_dataset(), self._services, origin)
        except StorageFull as error:
            log.error("out of resources: %s", error)
            return OUT_OF_RESOURCES
        except Unavailable as error:
            log.warning("not now: %s", error)
            return OUT_OF_RESOURCES
        except Exception as error:  # noqa: BLE001 - the association's edge: the sender hears that it failed
            log.error("receiving failed: %s", place_of(error))
            return CANNOT_UNDERSTAND
        return DUPLICATE_UID if taken.receipt is Receipt.CONFLICT else SUCCESS


def _free_place(event: Event) -> None:
    """A connection that was closed before it asked for an association, as probes of a port do, waits no longer."""
    if event.assoc.requestor.primitive is None:
        event.assoc.dul.to_user_queue.put(None)


def _application_entity(settings: Settings) -> AE:
    _config.ENFORCE_UID_CONFORMANCE = False  # what a sender calls its UIDs is no reason to lose a radiograph
    entity = AE(ae_title=settings.ae_title)
    entity.maximum_pdu_size = _MAX_PDU
    entity.maximum_associations = settings.dimse_associations
    entity.network_timeout = entity.dimse_timeout = _IDLE_SECONDS
    entity.acse_timeout = _REQUEST_SECONDS
    entity.add_supported_context(_VERIFICATION)
    for abstract_syntax in _STORAGE:
        entity.add_supported_context(abstract_syntax, list(AllTransferSyntaxes))
    return entity
