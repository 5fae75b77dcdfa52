"""Connections as they come: a thread each, a waiting room for those that ask for nothing yet, places for the others."""

import logging
import socket
import ssl
import threading
import time
from collections import OrderedDict
from contextlib import ExitStack

from serving.associations.association import Association, Service
from serving.associations.pdus import Malformed
from serving.associations.places import Places
from serving.associations.wire import Gone, TooSlow, Untrusted, Wire
from serving.logs import place_of

log = logging.getLogger("hilum.associations")

#: Connections that have not asked for an association yet. When one more comes, the one that waits longest goes.
_WAITING_ROOM = 64


class Listener:
    """Serves associations on a listening socket that other processes may share."""

    def __init__(
        self,
        listening: socket.socket,
        service: Service,
        places: Places,
        implementation: tuple[str, str],
        tls: ssl.SSLContext | None,
    ) -> None:
        self._listening = listening
        self._service = service
        self._places = places
        self._implementation = implementation
        self._tls = tls
        self._lock = threading.Lock()
        #: The oldest first.
        self._waiting: OrderedDict[int, Wire] = OrderedDict()
        self._threads: set[threading.Thread] = set()
        self._ending = threading.Event()
        self._accepting = threading.Thread(target=self._accept_each, name="listener", daemon=True)

    def start(self) -> None:
        """Listen, in threads of its own."""
        self._listening.settimeout(0.2)
        self._accepting.start()

    def stop(self, seconds: float) -> None:
        """Take no new associations; those under way have so long to end."""
        self._ending.set()
        until = time.monotonic() + seconds
        for thread in list(self._threads):
            thread.join(max(0.0, until - time.monotonic()))
        self._accepting.join()  # it looks often, and must not find the socket closed
        self._listening.close()

    def _accept_each(self) -> None:
        while not self._ending.is_set():
            try:
                connection, address = self._listening.accept()
            except TimeoutError:
                continue
            except OSError as error:  # no file descriptor left, or the peer has gone
                log.warning("a connection was not accepted: %s", error.strerror)
                time.sleep(0.05)
                continue
            thread = threading.Thread(target=self._serve, args=(connection, str(address[0])), daemon=True)
            with self._lock:
                self._threads.add(thread)
            thread.start()

    def _serve(self, connection: socket.socket, address: str) -> None:
        with ExitStack() as stack:
            stack.callback(self._threads.discard, threading.current_thread())
            wire = Wire(self._dressed(connection))
            stack.callback(wire.close)
            self._wait(wire)
            stack.callback(self._stop_waiting, wire)
            association = Association(wire, address, self._service, self._implementation)
            try:
                association.serve(lambda: self._admit(wire, stack))
            except Gone:
                return
            except TooSlow:
                log.warning("a peer was too slow: its association is aborted")
            except (Malformed, Untrusted) as error:
                log.warning("an association is aborted: %s", error)
            except Exception as error:  # noqa: BLE001 - the association's edge: the others go on
                log.error("an association failed: %s", place_of(error))

    def _dressed(self, connection: socket.socket) -> socket.socket:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                return self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        except OSError:  # it is gone already: its wire will say so
            pass
        return connection

    def _wait(self, wire: Wire) -> None:
        with self._lock:
            self._waiting[id(wire)] = wire
            if len(self._waiting) > _WAITING_ROOM:
                self._waiting.popitem(last=False)[1].cut()

    def _stop_waiting(self, wire: Wire) -> None:
        with self._lock:
            self._waiting.pop(id(wire), None)

    def _admit(self, wire: Wire, stack: ExitStack) -> bool:
        """From the waiting room to a place, if there is one; the stack gives it back."""
        self._stop_waiting(wire)
        place = self._places.take()
        if place is not None:
            stack.callback(self._places.give_back, place)
        return place is not None
