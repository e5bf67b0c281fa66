"""Any document at all, made from what the shapes take: schema and loader agree on it."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stagectl.files.declared import Shape
from stagectl.files.fields import SHARED
from stagectl.files.schema import KINDS, takes
from tests.files.test_schema import agree

TEXTS = (
    "1", "2.5", "-1", "1000000000", "999999999", "70000", "0", "90", "3 s", "2,5 s", "1 t 30 min",
    "30 min 1 t", "1 s 1 s", "1:30", "1:05:00", "0:75:00", "-3 s", "3 parsecs", "end", "slutt",
    "19:00", "24:00", "9.30", "10.57", "2026-11-28", "28.11.2026", "2026-13-01", "32.1.2026",
    "on", "OFF", "ja", "på", "true", "maybe", "nb", "no-NO", "Norsk", "secret:obs", "hunter2",
    "lillestrom", "../x", ".x", "a/b", "a.b", "a:b", "holding", "osc", "obs", "restore", "ask",
    "one of", "none", "number", "", " ", "-5 dB", "-inf dB", "inf", "5 Hz", "−5", "40 %", "{a}",
)  # fmt: skip
PLAIN = re.compile(r"[A-Za-z0-9+.−på][A-Za-z0-9 +.%/:−på-]*(?<![ :])")
LOST = re.compile(  # ONLY_LOADER and ONLY_SCHEMA of test_schema.py, as they come by chance
    r"[-+]?(?:\.[0-9]*|[0-9]+\.|[0-9]+\.0+|0[0-9]+.*|[0-9]*\.?[0-9]*e.*|0[xo].*|[0-9]+\.[0-9]{4,})"
    r"|\+.*|-0.*|null|Null|NULL|\.inf|\.nan|.*[0-9]{60,}.*|.*02.(?:29|3[01]).*|.*(?:29|3[01])\..*2.*",
    re.IGNORECASE,
)
fuzz = st.text(alphabet="0123456789 .,:-+%dBsmthinef", max_size=9)
scalars = st.tuples(st.sampled_from(TEXTS) | fuzz, st.booleans()).filter(
    lambda s: not LOST.fullmatch(s[0].strip())
)
names = st.sampled_from(("host", "guest 2", "mixer", "a.b", "mixer.host", "x", "{1..32}"))
loose = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2),
    max_leaves=4,
)


def documents(piece, depth=0):
    """Make what a piece takes, mostly; sometimes anything."""
    dice = st.integers(0, 9)
    return dice.flatmap(lambda n: loose if n == 0 or depth > 5 else right(piece, depth))


def right(piece, depth):
    if isinstance(piece, type) and issubclass(piece, Shape):
        return of_shape(piece, depth)
    if "$ref" in piece:
        return documents(SHARED[piece["$ref"].rpartition("/")[2]], depth + 1)
    if "anyOf" in piece or "allOf" in piece:
        either = piece.get("anyOf") or piece["allOf"]
        return st.one_of([documents(one, depth + 1) for one in either])
    kinds = [piece["type"]] if isinstance(piece.get("type"), str) else piece.get("type", ["string"])
    made = [scalars] if {"string", "number"} & set(kinds) else []
    if "array" in kinds:
        made.append(st.lists(documents(piece["items"], depth + 1), max_size=3))
    if "object" in kinds:
        value = documents(piece["additionalProperties"], depth + 1)
        made.append(st.dictionaries(names, value, max_size=3))
    return st.one_of(made) if made else loose


def of_shape(shape, depth):
    keys = takes(shape)
    needed = {i.alias or n for n, i in shape.model_fields.items() if i.is_required()}
    right_ones = st.fixed_dictionaries(
        {key: documents(keys[key], depth + 1) for key in needed},
        optional={key: documents(piece, depth + 1) for key, piece in keys.items()
                  if key not in needed},
    )  # fmt: skip
    wrong = st.sampled_from((None, None, None, "nmae", *needed))
    return st.tuples(right_ones, wrong).map(lambda made: spoilt(*made))


def spoilt(document, key):
    if key in document:
        return {k: v for k, v in document.items() if k != key}
    return document if key is None else {**document, key: ("x", True)}


def written(document) -> str:
    match document:
        case (str(text), bool(plain)):
            is_plain = plain and PLAIN.fullmatch(text) and ": " not in text
            return text if is_plain else json.dumps(text)
        case list():
            return "[" + ", ".join(map(written, document)) + "]"
        case _:
            pairs = (f"{json.dumps(key)}: {written(value)}" for key, value in document.items())
            return "{" + ", ".join(pairs) + "}"


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=300, deadline=2000)
@given(data=st.data())
def test_schema_and_loader_agree_on_any_document(kind, data):
    document = data.draw(of_shape(KINDS[kind], 0))
    agree(kind, written(document) + "\n")
