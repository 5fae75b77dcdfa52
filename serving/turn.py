"""One at a time, the greatest priority first, of one priority who came first."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(eq=False)
class Ticket:
    """Somebody who will want the turn."""

    priority: int
    #: Whether they want it now.
    ready: bool = False


class Turn:
    """Who comes with a ticket of a greater priority is waited for while they are still on their way."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken = False
        #: In the order in which they came; who had the turn is gone.
        self._tickets: list[Ticket] = []

    @contextmanager
    def ticket(self, priority: int) -> Iterator[Ticket]:
        """A place in the order, from now on."""
        ticket = Ticket(priority)
        with self._changed:
            self._tickets.append(ticket)
        try:
            yield ticket
        finally:
            with self._changed:
                self._give_up(ticket)

    @contextmanager
    def taken(self, ticket: Ticket) -> Iterator[None]:
        """The turn, once it is this ticket's."""
        with self._changed:
            ticket.ready = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._taken and self._is_next(ticket))
            self._taken = True
            self._give_up(ticket)
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def _is_next(self, ticket: Ticket) -> bool:
        before = self._tickets[: self._tickets.index(ticket)]
        if any(other.ready and other.priority == ticket.priority for other in before):
            return False
        return not any(other.priority > ticket.priority for other in self._tickets)

    def _give_up(self, ticket: Ticket) -> None:
        if ticket in self._tickets:
            self._tickets.remove(ticket)
            self._changed.notify_all()
