"""The viewer knows the interface as the service describes it now."""

import pytest

from scripts.viewer_types import GENERATOR, TYPES, document, types


@pytest.mark.skipif(not GENERATOR.is_file(), reason="needs viewer/node_modules: python hatch_build.py")
def test_the_viewers_types_are_those_of_the_interface() -> None:
    assert types(document()) == TYPES.read_text(), "python -m scripts.viewer_types"
