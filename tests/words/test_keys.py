"""Every key that can stand in a file says what it is for, and no other."""

import re

from stagectl.files.schema import KINDS, name_of, schema, takes
from stagectl.words import keys, tongue
from stagectl.words.mistakes import MISTAKES
from tests.files.test_schema import shapes


def test_every_key_is_told_and_none_that_is_not_there():
    found = {
        f"{name_of(shape)}.{key}"
        for kind in KINDS
        for shape in shapes(kind)
        for key in takes(shape)
    }
    assert found | {"reserved"} == set(keys.KEYS)


def test_every_mistake_a_schema_names_has_words():
    for kind in KINDS:
        for code in re.findall(r"'errorMessage': '(\w+)'", repr(schema(kind, codes()))):
            assert code in MISTAKES, code


def codes():
    from stagectl.files.schema import Wording

    return Wording(cure=lambda code: code)


def test_a_cure_that_needs_the_mistake_itself_is_not_half_said():
    with tongue.speaking("en"):
        assert keys.cure("not_duration") == "write it as 3 s, 15 min or 1:05:00"
        assert keys.cure("no_unit") == ""
