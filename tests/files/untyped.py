"""YAML 1.2 as an editor's parser reads it, each scalar with a type: the other side of agreement.

The types are those of the core schema, YAML 1.2.2 §10.3.2; PyYAML's composer gives the tree.
"""

import re
from typing import Any

import yaml

_TYPES = (
    (re.compile(r"null|Null|NULL|~|"), lambda text: None),
    (re.compile(r"true|True|TRUE"), lambda text: True),
    (re.compile(r"false|False|FALSE"), lambda text: False),
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text, 0)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text, 0)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), lambda t: float(t.replace(".", ""))),
)


def as_an_editor_reads(text: str) -> Any:
    """Return the document as JSON has it."""
    return _typed(yaml.compose(text, yaml.BaseLoader))


def _typed(node: Any) -> Any:
    match node:
        case yaml.MappingNode():
            return {key.value: _typed(value) for key, value in node.value}
        case yaml.SequenceNode():
            return [_typed(item) for item in node.value]
        case yaml.ScalarNode(style=None):
            return next((t(node.value) for p, t in _TYPES if p.fullmatch(node.value)), node.value)
        case yaml.ScalarNode():
            return node.value
        case _:
            return None
