"""YAML's events become a tree of texts with places; no scalar gets a type here."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from stagectl.core.problem import Problem, Said, Severity, Source
from stagectl.core.value import Datum

MOST_DEEP = 32

# libyaml's parser where PyYAML was built with it, else its own; only ever their event streams:
# both composers recurse, so a page of brackets would end the process.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(slots=True)
class Table:
    """A mapping; `at` is where it begins. `flow`: written with braces."""

    at: Said
    flow: bool = False
    pairs: list[tuple[Said, "Node"]] = field(default_factory=list)

    def get(self, key: str) -> "Node | None":
        """Return the value of a key, or None."""
        return next((value for said, value in self.pairs if said.text == key), None)


@dataclass(slots=True)
class Row:
    """A sequence; `at` is where it begins."""

    at: Said
    items: list["Node"] = field(default_factory=list)


Node = Said | Table | Row


def place_of(node: Node) -> Said:
    """Return where a node begins."""
    return node if isinstance(node, Said) else node.at


def read_tree(source: Source, text: str, problems: list[Problem]) -> Node | None:
    """Return the tree of the one document in `text`, or None: adds what is wrong to `problems`."""
    builder = _Builder(source, problems)
    try:
        for event in _events(text):
            if not builder.take(event):
                return None
    except yaml.YAMLError as error:
        problems.append(_syntax(source, error, builder.long_quote))
        return None
    if builder.root is None:
        builder.tell("empty_file", Said("", source))
    return builder.root


def _events(text: str) -> Iterator[yaml.Event]:
    loader = _LOADER(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


class _Builder:
    """Takes one event at a time; the stack is a list, so that depth costs no recursion."""

    def __init__(self, source: Source, problems: list[Problem]) -> None:
        self.root: Node | None = None
        self.long_quote: yaml.ScalarEvent | None = None  # the last that went on over lines
        self._source = source
        self._problems = problems
        self._stack: list[Table | Row] = []
        self._keys: list[Said | None] = []
        self._seen: list[dict[str, int]] = []
        self._documents = 0

    def tell(self, code: str, said: Said, severity: Severity = "error", /, **data: Datum) -> None:
        self._problems.append(Problem(code, said.place, data, severity))

    def take(self, event: yaml.Event) -> bool:
        """Return False when nothing after this can be understood."""
        match event:
            case yaml.ScalarEvent():
                self._marked(event)
                self._add(self._scalar(event))
            case yaml.MappingStartEvent():
                self._marked(event)
                return self._open(Table(self._said("", event), bool(event.flow_style)))
            case yaml.SequenceStartEvent():
                self._marked(event)
                return self._open(Row(self._said("", event)))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._stack.pop()
                self._keys.pop()
                self._seen.pop()
            case yaml.AliasEvent():
                self.tell("alias", self._said("", event))
                self._add(self._said("", event))
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self.tell("two_documents", self._said("---", event))
                    return False
        return True

    def _open(self, node: Table | Row) -> bool:
        if len(self._stack) >= MOST_DEEP:
            self.tell("too_deep", node.at, most=str(MOST_DEEP))
            return False
        self._add(node)
        self._stack.append(node)
        self._keys.append(None)
        self._seen.append({})
        return True

    def _add(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        if isinstance(parent, Row):
            parent.items.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = self._key(node)
        else:
            self._keys[-1] = None
            self._pair(parent, key, node)

    def _key(self, node: Node) -> Said:
        if not isinstance(node, Said):
            self.tell("odd_key", node.at)
            return node.at
        if node.text == "<<" and node.plain:
            self.tell("merge", node)
        return node

    def _pair(self, table: Table, key: Said, value: Node) -> None:
        if table.flow and self._is_torn_number(table, key, value):
            return
        seen = self._seen[-1]
        if key.text in seen:
            self.tell("key_twice", key, key=key.text, line=str(seen[key.text] + 1))
            return
        seen[key.text] = key.line
        table.pairs.append((key, value))

    def _is_torn_number(self, table: Table, key: Said, value: Node) -> bool:
        """`{fade: 2,5 s}` is two keys to YAML: say so, and mend it for the checks that follow."""
        if not table.pairs or not isinstance(value, Said) or value.text or not value.plain:
            return False
        name, whole = table.pairs[-1]
        if not isinstance(whole, Said) or not whole.plain or not _WHOLE.fullmatch(whole.text):
            return False
        if (key.line, key.column) != (whole.line, whole.column + whole.width + 1):
            return False
        if not _DECIMALS.match(key.text):
            return False
        text = f"{whole.text},{key.text}"
        mended = whole._replace(text=text, width=len(text), plain=True)
        table.pairs[-1] = name, mended
        self.tell("comma", mended, text=text, dotted=text.replace(",", ".", 1))
        return True

    def _scalar(self, event: yaml.ScalarEvent) -> Said:
        said = self._said(event.value, event, plain=not event.style)
        if (
            event.style in ("'", '"')
            and (event.start_mark or _TOP).line < (event.end_mark or _TOP).line
        ):
            self.long_quote = event
        if event.style == '"' and (control := _CONTROL.search(event.value)):
            self.tell("control", said, character=f"U+{ord(control[0]):04X}")
        key = self._keys[-1] if self._keys else None
        if key is not None and key.text == "notes" and said.plain:
            end, lines = event.end_mark or _TOP, self._source.lines
            tail = lines[end.line][end.column :] if end.line < len(lines) else ""
            if tail.lstrip().startswith("#"):
                column = end.column + len(tail) - len(tail.lstrip())
                width = len(tail.strip())
                where = Said(tail.strip(), self._source, end.line, column, width)
                self.tell("hash", where, "warning", lost=tail.strip())
        return said

    def _marked(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self.tell("anchor", self._said(f"&{event.anchor}", event, width=len(event.anchor) + 1))
        if event.tag is not None:
            self.tell("tag", self._said(event.tag, event))

    def _said(
        self, text: str, event: yaml.Event, *, plain: bool = True, width: int | None = None
    ) -> Said:
        start, end = event.start_mark or _TOP, event.end_mark or _TOP
        if width is None:
            width = end.column - start.column if end.line == start.line else 0
        if not text.isascii():
            text = unicodedata.normalize("NFC", text)
        if width <= 0 and text:  # goes on over several lines: underline the first
            width = len(self._source.lines[start.line]) - start.column
        return Said(text, self._source, start.line, start.column, width, plain)


_TOP = yaml.Mark("", 0, 0, 0, "", 0)  # both parsers mark every event; the stubs know it not
_WHOLE = re.compile(r"[+\-\u2212]?[0-9]+")
_DECIMALS = re.compile(r"[0-9]+(?![0-9.,:])")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_UNQUOTED = re.compile(r":\s*(\{[^{}\"']*\.[^{}\"']*\}\s*[^\s#].*)$")

# What libyaml and PyYAML say, and what it means to somebody who has never programmed.
_MEANT = (
    ("mapping values are not allowed", "colon", "problem"),
    ("unexpected end of stream", "unclosed_quote", "context"),
    ("cannot start any token", "bad_start", "problem"),
    ("expected ',' or '}'", "unclosed_brace", "context"),
    ("expected ',' or ']'", "unclosed_bracket", "context"),
    ("expected node content", "unclosed_brace", "context"),
    ("expected key", "indent", "problem"),
    ("expected '-' indicator", "indent", "problem"),
    ("expected <block end>", "indent", "problem"),
    ("could not find expected ':'", "no_colon", "context"),
    ("escape character", "escape", "problem"),
    ("alphabetic or numeric character", "anchor", "problem"),
    ("undefined tag handle", "tag", "problem"),
)


def _syntax(source: Source, error: yaml.YAMLError, quote: yaml.ScalarEvent | None) -> Problem:
    """Name the mistake, where a person would look for it."""
    problem = str(getattr(error, "problem", "") or "")
    met = getattr(error, "problem_mark", None)
    if quote is not None and met is not None and met.line == (quote.end_mark or _TOP).line:
        # it ran on into the next quotation mark, and what stands after that makes no sense
        start = quote.start_mark or _TOP
        said = Said("", source, start.line, start.column, 1)
        return Problem("unclosed_quote", said.place, {"text": ""})
    code, which = next(((c, w) for text, c, w in _MEANT if text in problem), ("syntax", "problem"))
    mark = getattr(error, f"{which}_mark", None) or getattr(error, "problem_mark", None)
    line, column = (mark.line, mark.column) if mark else (0, 0)
    line = min(line, max(len(source.lines) - 1, 0))
    shown = source.lines[line] if source.lines else ""
    if code == "unclosed_quote":
        line, column = _opened(source, line, column)
        shown = source.lines[line]
    if code in ("indent", "syntax") and (braces := _UNQUOTED.search(shown)):
        code, column = "braces", braces.start(1)
    said = Said("", source, line, min(column, len(shown)), 1)
    return Problem(code, said.place, {"text": shown[column:].strip()})


def _opened(source: Source, line: int, column: int) -> tuple[int, int]:
    """Return where a quote without an end was opened: not on a line that has two of them.

    There it met the opening one of the next text, and the parser blames what was left over.
    """
    mark = source.lines[line][column : column + 1]
    if mark not in ("'", '"') or source.lines[line].count(mark) % 2:
        return line, column
    for before in range(line - 1, -1, -1):
        text = source.lines[before]
        opening = re.search(rf"(?:^\s*|[:\-\[{{,]\s+){mark}", text)
        if text.count(mark) % 2 and opening:
            return before, opening.end() - 1
    return line, column
