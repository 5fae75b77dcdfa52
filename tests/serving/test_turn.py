"""Whose turn it is: by priority, then by arrival, whatever the threads do."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from serving.turn import Turn

#: Priorities in the order of arrival, and the places in it in the order of the turns.
_ORDERS = [
    ([0, 10, 20], [2, 1, 0]),
    ([10, 10, 10], [0, 1, 2]),
    ([0, 20, 0, 20, 10], [1, 3, 4, 0, 2]),
]


@pytest.mark.parametrize(("priorities", "order"), _ORDERS)
def test_the_greatest_priority_goes_first_then_who_came_first(priorities: list[int], order: list[int]) -> None:
    turn, went = Turn(), []
    arrived = [threading.Event() for _ in priorities]
    all_wait = threading.Event()

    def come(place: int) -> None:
        if place:
            arrived[place - 1].wait(20)
        with turn.ticket(priorities[place]) as ticket:
            arrived[place].set()
            all_wait.wait(20)  # they want the turn in any order
            with turn.taken(ticket):
                went.append(place)

    with ThreadPoolExecutor(len(priorities)) as pool, turn.ticket(99) as first, turn.taken(first):
        done = [pool.submit(come, place) for place in range(len(priorities))]
        arrived[-1].wait(20)
        all_wait.set()
        until_waiting(turn, len(priorities))
    for one in done:
        one.result(20)
    assert went == order


def until_waiting(turn: Turn, count: int) -> None:
    with turn._changed:
        assert turn._changed.wait_for(lambda: sum(one.ready for one in turn._tickets) == count, 20)


def test_who_is_on_the_way_with_a_greater_priority_is_waited_for() -> None:
    turn, went = Turn(), []
    with ThreadPoolExecutor(1) as pool:
        with turn.ticket(20) as urgent:

            def routine() -> None:
                with turn.ticket(10) as ticket, turn.taken(ticket):
                    went.append("routine")

            done = pool.submit(routine)
            until_waiting(turn, 1)
            with turn.taken(urgent):
                went.append("urgent")
        done.result(20)
    assert went == ["urgent", "routine"]


def test_who_fails_on_the_way_holds_up_nobody() -> None:
    turn = Turn()

    def fail() -> None:
        with turn.ticket(20):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with turn.ticket(0) as ticket, turn.taken(ticket):
        pass


def test_an_error_in_the_turn_ends_it() -> None:
    turn = Turn()

    def fail() -> None:
        with turn.ticket(0) as ticket, turn.taken(ticket):
            raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fail()
