"""The plumbing of the retrieval's benchmark."""

from benchmarks.retrieve import ask, fill, report, requests
from tests.serving.live import new_store, serving


def test_everything_is_answered_and_has_its_bar() -> None:
    with new_store() as (settings, store), serving(settings, store, "stub 1") as client:
        fill(client, rows=60, columns=50)
        taken = ask(client, rounds=1)
    assert [len(times) for times in taken.values()] == [1] * len(requests())
    assert all(0 < one.first <= one.last for times in taken.values() for one in times)
    made = report(taken)
    assert len(made.bars) == 6
    assert all(bar.holds for bar in made.bars.values())
