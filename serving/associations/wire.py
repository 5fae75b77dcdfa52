"""A connection that is read piece by piece, from a peer that may be slow, silent or gone."""

import socket
import ssl
import time

#: A read waits so long before it looks at the clock.
_TICK = 0.5
#: Larger reads cost fewer calls; what is larger than a core's cache costs more to hash and to write.
_BUFFER_BYTES = 256 * 1024
#: Each byte lengthens the time that is left by this part of a second: slower peers use it up.
_LEAST_BYTES_A_SECOND = 1024


class Gone(Exception):
    """The peer closed the connection, or the network did."""


class TooSlow(Exception):
    """The peer let its time pass."""


class Untrusted(Exception):
    """TLS was not agreed upon: the peer speaks none, or none that we may, or has no certificate that we believe."""


class Wire:
    """A connected socket, TLS or not. Used by one thread, but ``cut`` may be called by any."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(_TICK)
        self._socket = connection
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        #: What was read and not yet taken is buffer[begin:end].
        self._begin = self._end = 0
        self._seconds = self._until = 0.0

    def within(self, seconds: float) -> None:
        """Begin something for which the peer has so long; what it sends wins it time, up to as much again."""
        self._seconds = seconds
        self._until = time.monotonic() + seconds

    def agree_on_tls(self) -> None:
        """Where the socket is one of TLS; first of all.

        Raises:
            Gone, TooSlow, Untrusted: when it is not agreed upon.
        """
        while isinstance(self._socket, ssl.SSLSocket):
            try:
                self._socket.do_handshake()
            except TimeoutError:
                self._check_time()
            except ssl.SSLError as error:
                raise Untrusted(f"TLS must be agreed upon, but was not ({error.reason}).") from None
            except OSError:
                raise Gone from None
            else:
                return

    def exactly(self, size: int) -> bytes:
        """The next ``size`` bytes, copied.

        Raises:
            Gone, TooSlow: before all of them came.
        """
        found = bytes(self.some(size))
        while len(found) < size:
            found += self.some(size - len(found))
        return found

    def some(self, most: int) -> memoryview:
        """At least one byte and at most ``most`` (1 or more); good until the next call.

        Raises:
            Gone, TooSlow: before any came.
        """
        if self._begin == self._end:
            self._begin, self._end = 0, self._receive()
        begin, self._begin = self._begin, min(self._end, self._begin + most)
        return self._buffer[begin : self._begin]

    def send(self, data: bytes) -> None:
        """
        Raises:
            Gone: when the peer does not take it.
        """
        try:
            self._socket.sendall(data)
        except OSError:  # also when it waits for longer than a tick: answers are shorter than any socket's buffer
            raise Gone from None

    def cut(self) -> None:
        """End the connection: whoever waits for it hears Gone."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:  # it has ended
            return

    def close(self) -> None:
        self._socket.close()

    def _receive(self) -> int:
        while True:
            try:
                size = self._socket.recv_into(self._buffer)
            except TimeoutError:
                self._check_time()
                continue
            except OSError:
                raise Gone from None
            if not size:
                raise Gone
            self._note(size)
            return size

    def _check_time(self) -> None:
        if time.monotonic() > self._until:
            raise TooSlow

    def _note(self, size: int) -> None:
        self._check_time()
        now = time.monotonic()
        self._until = min(self._until + size / _LEAST_BYTES_A_SECOND, now + self._seconds)
