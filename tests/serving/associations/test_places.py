"""Places are shared by processes, and those of one that was killed are free."""

import subprocess
import sys
from pathlib import Path

from serving.associations.places import Places

_TAKE_ONE = """
import sys, pathlib, time
from serving.associations.places import Places
places = Places(pathlib.Path(sys.argv[1]), 2)
print(places.take(), flush=True)
time.sleep(60)
"""


def test_a_place_that_is_given_back_is_taken_again(tmp_path: Path) -> None:
    places = Places(tmp_path / "places", 2)
    assert [places.take(), places.take(), places.take()] == [0, 1, None]
    places.give_back(0)
    assert places.take() == 0
    places.close()


def test_another_process_takes_the_others_until_it_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "places"
    with subprocess.Popen([sys.executable, "-c", _TAKE_ONE, file], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"0\n"
        places = Places(file, 2)
        assert [places.take(), places.take()] == [1, None]
        other.kill()
        other.wait()
        assert places.take() == 0
        places.close()
