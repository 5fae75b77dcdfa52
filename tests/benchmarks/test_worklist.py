"""The plumbing of the worklist's benchmark: its rows are ones of ours, and each question finds what it should."""

from benchmarks.worklist import ask, fill, questions, report
from tests.serving.live import new_store, serving

STUDIES = 400


def test_every_question_is_answered() -> None:
    with new_store() as (settings, store):
        fill(store.database.url, STUDIES)
        with serving(settings, store, "stub 1") as client:
            answers = ask(client, questions(client, store.database.url), rounds=2)
    found = {name: answer.studies for name, answer in answers.items()}
    assert found["newest"] == found["most urgent"] == 100
    assert found["pending"] == 60
    assert found["rare name"] == 3
    assert found["name that none has"] == found["two letters with which none begins"] == 0
    assert found["before a time, near the end"] == 7  # the 8th of 400 is at 2 %
    assert found["page near the end, newest"] == 6  # without the one that gave the cursor
    made = report(answers, STUDIES)
    assert len(made.bars) == len(answers)
    assert all(bar.at_most == 50 for bar in made.bars.values())
