"""A request that a stand-in for a destination holds up until the test says so."""

from dataclasses import dataclass, field
from threading import Event


@dataclass
class Hold:
    begun: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)

    def wait(self) -> None:
        self.begun.set()
        self.go_on.wait(60)
