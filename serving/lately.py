"""What was done not long ago, so that it is not said again each time."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Lately:
    """Remembers the last ``most`` keys, each for so many seconds. Not safe to share between threads without a lock."""

    def __init__(self, seconds: float, *, most: int = 10_000, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._until: OrderedDict[Hashable, float] = OrderedDict()

    def knows(self, key: Hashable) -> bool:
        return self._until.get(key, float("-inf")) > self._clock()

    def remember(self, key: Hashable) -> None:
        self._until[key] = self._clock() + self._seconds
        self._until.move_to_end(key)
        while len(self._until) > self._most:
            self._until.popitem(last=False)
