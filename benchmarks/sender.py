"""A process of its own that posts radiographs and hears of their readings, for as little processor time as can be.

Senders stand on other machines in real life; here they share the service's cores. So the file goes from the page cache
into the socket (sendfile), and only its head is made anew for each post: other UIDs, as long as those before.
"""

import json
import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import click

#: SOP Instance, Series and Study Instance UID of a file to post: as long as the UIDs that take their places.
PLACEHOLDERS = tuple(f"2.25.{digit * 38}" for digit in "123")
#: Seconds to wait for the last readings.
_PATIENCE = 60.0
_HEAD_BYTES = 4096
_SEED = 20


@dataclass
class Post:
    """Times of one post, seconds since the epoch; 0: not yet."""

    #: When it was to be sent. Its connection may have been busy with the one before.
    due: float
    answered: float = 0.0
    read: float = 0.0


class Heads:
    """The beginning of a file, under new UIDs each time."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self._head = opened.read(_HEAD_BYTES)
        missing = [uid for uid in PLACEHOLDERS if uid.encode() not in self._head]
        assert not missing, f"the file must have the UIDs {missing} in its first {_HEAD_BYTES} bytes"
        self._number = time.time_ns() * 10**6  # no two senders have the same

    def new(self) -> tuple[str, bytes]:
        """A SOP Instance UID and the head that bears it."""
        self._number += 1
        uids = [f"2.25.{digit}{self._number:037d}" for digit in "123"]
        head = self._head
        for placeholder, uid in zip(PLACEHOLDERS, uids, strict=True):
            head = head.replace(placeholder.encode(), uid.encode())
        return uids[0], head


class Sender:
    """Posts a file again and again, over some connections."""

    def __init__(self, host: str, port: int, path: str, file: Path, *, pending: int, answered_is_read: bool) -> None:
        self._address = (host, port)
        self._file = file
        self._size = file.stat().st_size
        self._request = (
            f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/dicom\r\n"
            f"Content-Length: {self._size}\r\n\r\n"
        ).encode()
        self._heads = Heads(file)
        #: Places for posts that are not read yet.
        self._places = threading.Semaphore(pending)
        #: The answer brings the reading; otherwise /api/events tells of it.
        self._answered_is_read = answered_is_read
        self._lock = threading.Lock()
        self.posts: dict[str, Post] = {}
        #: Posts that were not taken.
        self.refused = 0

    def send(self, dues: Iterator[float], connections: int) -> None:
        """One post for each time that is due; returns when all are read, or nothing more comes."""
        if not self._answered_is_read:
            listening = threading.Event()
            threading.Thread(target=self._listen, args=(listening,), daemon=True).start()
            assert listening.wait(_PATIENCE), "/api/events must answer"
        threads = [threading.Thread(target=self._post_each, args=(dues,)) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until = time.monotonic() + _PATIENCE
        while any(not post.read for post in self.posts.values()) and time.monotonic() < until:
            time.sleep(0.05)

    def _post_each(self, dues: Iterator[float]) -> None:
        with self._file.open("rb") as file, socket.create_connection(self._address) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while (due := self._next(dues)) is not None:
                time.sleep(max(0.0, due - time.time()))
                self._post(connection, file.fileno(), due)

    def _next(self, dues: Iterator[float]) -> float | None:
        self._places.acquire()
        with self._lock:
            due = next(dues, None)
        if due is None:
            self._places.release()
        return due

    def _post(self, connection: socket.socket, descriptor: int, due: float) -> None:
        with self._lock:
            uid, head = self._heads.new()
        self.posts[uid] = post = Post(due)
        connection.sendall(self._request + head, socket.MSG_MORE)
        at = len(head)
        while at < self._size:
            at += os.sendfile(connection.fileno(), descriptor, at, self._size - at)
        answer = HTTPResponse(connection, method="POST")
        answer.begin()
        answer.read()
        post.answered = time.time()
        if answer.status not in {200, 202}:
            self.refused += 1
            del self.posts[uid]
            self._places.release()
        elif self._answered_is_read:
            self._note_read(uid)

    def _listen(self, listening: threading.Event) -> None:
        connection = HTTPConnection(*self._address)
        connection.request("GET", "/api/events")
        answer = connection.getresponse()
        while line := answer.readline():
            listening.set()
            if line.startswith(b"data: {") and b'"pending"' not in line:
                self._note_read(json.loads(line[6:]).get("sop_instance_uid"))

    def _note_read(self, uid: str | None) -> None:
        post = self.posts.get(uid or "")
        if post and not post.read:
            post.read = time.time()
            self._places.release()


def steady(seconds: float) -> Iterator[float]:
    """Always due, for so long."""
    until = time.time() + seconds
    while (now := time.time()) < until:
        yield now


def arrivals(rate: float, seconds: float) -> Iterator[float]:
    """Due at random (Poisson), so many a second, whether what came before is read or not."""
    chance = random.Random(_SEED)  # noqa: S311 - no secret
    due = time.time()
    until = due + seconds
    while (due := due + chance.expovariate(rate)) < until:
        yield due


@click.command()
@click.argument("port", type=int)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--path", default="/api/instances", help="Where to post to.")
@click.option("--seconds", type=float, required=True)
@click.option("--rate", type=float, default=0.0, help="Posts a second; 0 posts as fast as they are read.")
@click.option("--pending", type=int, default=16, help="Most posts that are not read yet.")
@click.option("--connections", type=int, default=3)
@click.option("--answered-is-read", is_flag=True, help="The answer brings the reading.")
def command(
    *,
    port: int,
    file: Path,
    path: str,
    seconds: float,
    rate: float,
    pending: int,
    connections: int,
    answered_is_read: bool,
) -> None:
    """Post FILE to PORT on this machine; print the times of every post as JSON."""
    sender = Sender("127.0.0.1", port, path, file, pending=pending, answered_is_read=answered_is_read)
    sender.send(arrivals(rate, seconds) if rate else steady(seconds), connections)
    click.echo(json.dumps({"refused": sender.refused, "posts": [asdict(post) for post in sender.posts.values()]}))


if __name__ == "__main__":
    command()
