"""What each quantity of a function is made from, read in the function's own text.

The functions of the month and of the starting state name what they read: arguments, or entries of tables that share one
space of names (`values["hazard"]`, `params["yield"]`), columns of zones, series. This module follows those names through
assignments, loops and calls to what the function writes. Where the text does not say, the answer is more, never less: an
array handed to a call whose result is dropped may hold all that the call was given.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from eslabon.study.trace_texts import Texts, names_of

Origins = frozenset[str]
NONE: Origins = frozenset()
PEOPLE = "people"
"""The households of all basins: one place in the graph, for every pass reads and writes them."""
TABLES = ("values", "constants", "signals", "params")
"""Attributes that hold entries by name."""
VIEWS = ("asarray", "broadcast_to", "dict", "enumerate", "fromkeys", "items", "list", "moveaxis", "reshape", "reversed", "values", "zip")
"""Calls whose result may look into what they are given; all others make something new."""
_TABLE_TYPES = ("dict[str", "Mapping[str")


@dataclass(frozen=True)
class Words:
    """Names that mean something outside the model's own space.

    `columns` maps an attribute or text to its place in the pack, `tables` an attribute that is a file of the pack, `fields`
    the parts of a world to the quantities that stand for them.
    """

    columns: Mapping[str, str]
    series: frozenset[str]
    tables: Mapping[str, str]
    fields: Mapping[str, Origins]
    start: str

    def of_text(self, text: str) -> Origins:
        """Return the place in the pack that a text names."""
        return frozenset(place for place in (self.columns.get(text), f"series.{text}" if text in self.series else None) if place)


@dataclass
class Summary:
    """What a function writes, by name, and all it reads; `given` holds what its callers hand to its arguments."""

    writes: dict[str, set[str]] = field(default_factory=dict)
    reads: set[str] = field(default_factory=set)
    mutates: set[str] = field(default_factory=set)
    given: dict[str, set[str]] = field(default_factory=dict)
    calls: set[Callable[..., Any]] = field(default_factory=set)

    def write(self, name: str, origins: Iterable[str]) -> None:
        """Add to what a written name is made from."""
        self.writes.setdefault(name, set()).update(origins)

    @property
    def told(self) -> int:
        """How much callers hand to its arguments; it only grows."""
        return sum(map(len, self.given.values()))

    @property
    def tells(self) -> int:
        """How much callers learn from it; it only grows, so that repeated reading ends."""
        return len(self.reads) + len(self.mutates)


Summaries = dict[Callable[..., Any], Summary]


@cache
def tree_of(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return the parsed text of a function."""
    parsed = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    if not isinstance(parsed, ast.FunctionDef):
        raise TypeError(f"{function!r} is no function")
    return parsed


def read_functions(functions: Iterable[Callable[..., Any]], words: Words, arguments: Mapping[Callable[..., Any], Mapping[str, Origins]]) -> Summaries:
    """Return what each function reads and writes, until nothing is added any more.

    Parameters
    ----------
    functions : iterable of functions
        Calls between them are followed.
    words : Words
        The names of the pack.
    arguments : mapping of function to mapping of argument to origins
        What a stage's arguments stand for; the arguments of other functions take what their callers give.
    """
    found: Summaries = {f: Summary() for f in functions}
    for function, given in arguments.items():
        found[function].given = {name: set(origins) for name, origins in given.items()}
    read: dict[Callable[..., Any], tuple[int, int]] = {}
    while waiting := [f for f in found if read.get(f) != _known(found, f)]:
        for function in waiting:
            read[function] = _known(found, function)
            Reader(function, words, found).read()
    return found


def _known(found: Summaries, function: Callable[..., Any]) -> tuple[int, int]:
    """Return how much is known of what a function is given and of the functions it calls."""
    me = found[function]
    return me.told, len(me.calls) + sum(found[f].tells for f in me.calls)


class Reader(Texts):
    """One reading of one function, in order of its lines; loops are read twice."""

    def __init__(self, function: Callable[..., Any], words: Words, summaries: Summaries) -> None:
        self.tree, self.words, self.summaries = tree_of(function), words, summaries
        self.me = summaries[function]
        self.globals: Mapping[str, Any] = inspect.unwrap(function).__globals__
        self.origins: dict[str, set[str]] = {}
        self.views: dict[str, set[str]] = {}
        self.changed: dict[str, set[str]] = {}
        self.texts: dict[str, Any] = {}
        self.tables: set[str] = set()
        self.guard: Origins = NONE

    def read(self) -> None:
        """Read the whole function."""
        for argument in self.tree.args.args + self.tree.args.kwonlyargs:
            kind = ast.unparse(argument.annotation) if argument.annotation else ""
            if kind.startswith(_TABLE_TYPES):
                self.tables.add(argument.arg)
            self.origins[argument.arg] = set(self.me.given.get(argument.arg, ()))
            if kind == "list[Population]":
                self.views[argument.arg] = {PEOPLE}
        self.block(self.tree.body)

    def block(self, body: Iterable[ast.stmt]) -> None:
        """Follow statements in order."""
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.stmt) -> None:
        """Follow one statement."""
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self.assign(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            if isinstance(node.target, ast.Name) and ast.unparse(node.annotation).startswith(_TABLE_TYPES):
                self.tables.add(node.target.id)
            self.assign(node.target, node.value)
        elif isinstance(node, ast.AugAssign):
            self.augment(node)
        elif isinstance(node, ast.Return) and node.value is not None:
            self.of(node.value)
            self.entries(node.value)
        elif isinstance(node, ast.Expr):
            self.call_for_effect(node.value)
        elif isinstance(node, ast.If | ast.While):
            outer, self.guard = self.guard, self.guard | self.of(node.test)
            self.block([*node.body, *node.orelse])
            self.guard = outer
        elif isinstance(node, ast.For):
            self.loop(node)

    def loop(self, node: ast.For) -> None:
        """Follow a loop twice, once for each constant it runs over where they are written out."""
        outer, self.guard = self.guard, self.guard | self.of(node.iter)
        for _ in range(2):
            for texts in self.unrolled(node.target, node.iter):
                self.texts |= texts
                self.bind(node.target, node.iter)
                self.block(node.body)
        self.guard = outer

    def bind(self, target: ast.expr, source: ast.expr) -> None:
        """Let the names of a loop stand for what they run over."""
        origins, roots = self.of(source), self.roots(source)
        for name in names_of(target):
            self.origins[name] = self.origins.get(name, set()) | origins
            self.views[name] = self.views.get(name, set()) | roots

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        """Let a target be made from a value."""
        origins = self.of(value) | self.guard
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            for one, part in zip(target.elts, value.elts, strict=True):
                self.assign(one, part)
        elif isinstance(target, ast.Tuple):
            for one in target.elts:
                self.bind(one, value)
        elif isinstance(target, ast.Name):
            self.rename(target.id, value, origins)
        elif (name := self.entry(target)) is not None:
            self.me.write(name, origins)
        else:
            self.entries(value)
            if not self.is_table(target):
                self.change(target, origins)

    def rename(self, name: str, value: ast.expr, origins: Origins) -> None:
        """Let a name stand for a value: what it holds, looks into, and whether it is a table."""
        self.origins[name] = self.origins.get(name, set()) | origins
        self.views[name] = self.views.get(name, set()) | self.roots(value)
        if (text := self.text(value)) is not None:
            self.texts[name] = text
        if self.is_table(value) or self.has_names(value):
            self.tables.add(name)
            self.entries(value)

    def has_names(self, value: ast.expr) -> bool:
        """Return whether an expression makes a table whose entries have names that can be read."""
        if isinstance(value, ast.Dict):
            return all(key is None or isinstance(self.text(key), str) for key in value.keys)
        if not isinstance(value, ast.DictComp):
            return self.same_for_all(value) is not None
        maker = value.generators[0]
        for texts in self.unrolled(maker.target, maker.iter):
            self.texts |= texts
            if not isinstance(self.text(value.key), str):
                return False
        return True

    def augment(self, node: ast.AugAssign) -> None:
        """Follow `+=` and `|=`."""
        origins = self.of(node.value) | self.guard
        if (name := self.entry(node.target)) is not None:
            self.me.write(name, origins | {name})
        elif self.is_table(node.target):
            self.entries(node.value)
        else:
            self.change(node.target, origins)

    def change(self, target: ast.expr, origins: Origins) -> None:
        """Let what a target looks into hold more: the name itself, and all it is a view of."""
        seen: set[str] = set()
        waiting = list(self.roots(target))
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name == PEOPLE:
                self.me.write(PEOPLE, origins)
                continue
            self.origins.setdefault(name, set()).update(origins)
            self.changed.setdefault(name, set()).update(origins)
            self.me.mutates |= {name} & {a.arg for a in self.tree.args.args}
            waiting += self.views.get(name, ())

    def call_for_effect(self, node: ast.expr) -> None:
        """Follow a call whose result is dropped: every array an unknown function is given may hold all of it."""
        if not isinstance(node, ast.Call):
            return
        origins = self.of(node) | self.guard
        if self.called(node) in self.summaries:
            return
        into = [node.func.value] if isinstance(node.func, ast.Attribute) and not self.global_of(node.func.value) else []
        for argument in (*node.args, *(k.value for k in node.keywords), *into):
            self.change(argument, origins)

    def entries(self, value: ast.expr) -> None:
        """Write the entries of a table that is returned or merged into one."""
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
            self.entries(value.left)
            self.entries(value.right)
        elif isinstance(value, ast.Dict):
            for key, part in zip(value.keys, value.values, strict=True):
                if key is None:
                    self.entries(part)
                elif isinstance(name := self.text(key), str):
                    self.me.write(name, self.of(part) | self.guard)
        elif isinstance(value, ast.DictComp):
            maker = value.generators[0]
            for texts in self.unrolled(maker.target, maker.iter):
                self.texts |= texts
                if isinstance(name := self.text(value.key), str):
                    self.me.write(name, self.of(value.value) | self.of(maker.iter) | self.guard)
        elif (same := self.same_for_all(value)) is not None:
            for name in same:
                self.me.write(name, self.of(value) | self.guard)

    def same_for_all(self, value: ast.expr) -> list[str] | None:
        """Return the names of `dict.fromkeys(names, value)`, or None."""
        if not isinstance(value, ast.Call) or ast.unparse(value.func) != "dict.fromkeys":
            return None
        names = self.items(value.args[0])
        return names if names and all(isinstance(n, str) for n in names) else None

    def entry(self, node: ast.expr) -> str | None:
        """Return the name of an entry such as `values["hazard"]`, or None."""
        if isinstance(node, ast.Subscript) and self.is_table(node.value):
            found = self.text(node.slice)
            return found if isinstance(found, str) else None
        return None

    def is_table(self, node: ast.expr) -> bool:
        """Return whether an expression is a table of entries by name."""
        if isinstance(node, ast.Name):
            return node.id in self.tables
        if isinstance(node, ast.Attribute):
            return node.attr in TABLES
        if isinstance(node, ast.Call):
            made = self.global_of(node.func)
            kind = str(getattr(made, "__annotations__", {}).get("return", "")) if callable(made) else ""
            return kind.startswith(_TABLE_TYPES) or (isinstance(node.func, ast.Attribute) and node.func.attr == "at")
        return False

    def of(self, node: ast.AST | None) -> Origins:
        """Return what an expression is made from."""
        if node is None or isinstance(node, ast.Constant):
            return NONE
        if isinstance(node, ast.Name):
            return self.of_name(node.id)
        if isinstance(node, ast.Subscript) and (name := self.entry(node)) is not None:
            return self.note({name}) | self.added(node.value)
        if isinstance(node, ast.Attribute):
            return self.of_attribute(node)
        if isinstance(node, ast.Subscript):
            return self.of_subscript(node)
        if isinstance(node, ast.Call):
            return self.of_call(node)
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
            return self.of_comprehension(node)
        return frozenset().union(*(self.of(child) for child in ast.iter_child_nodes(node)))

    def added(self, table: ast.expr) -> Origins:
        """Return what calls have put into a table since it was made."""
        return frozenset(self.changed.get(table.id, ())) if isinstance(table, ast.Name) else NONE

    def note(self, origins: Iterable[str]) -> Origins:
        """Remember what the function reads by name."""
        self.me.reads |= set(origins)
        return frozenset(origins)

    def of_name(self, name: str) -> Origins:
        """Return what a name holds; a table is read entry by entry, so as a whole it holds what calls have put into it."""
        if name in self.tables:
            return frozenset(self.changed.get(name, ()))
        if name in self.origins:
            return frozenset(self.origins[name])
        return self.note(self.of_constant(self.globals.get(name)))

    def of_constant(self, value: Any) -> Origins:
        """Return the places that a constant table of the module names, at the scenario's own start where it is kept by start."""
        if isinstance(value, Mapping) and value and self.words.start in value:
            value = value[self.words.start]
        if hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
            return frozenset().union(*(self.words.of_text(v) for v in vars(value).values() if isinstance(v, str)))
        return NONE

    def of_attribute(self, node: ast.Attribute) -> Origins:
        """Return what an attribute stands for: households, a part of a world, a column or table of the pack, or its object."""
        if node.attr == "households":
            return self.note({PEOPLE})
        if node.attr in self.words.fields:
            return self.note(self.words.fields[node.attr])
        place = self.words.columns.get(node.attr) or self.words.tables.get(node.attr)
        if place:
            return self.note({place}) | self.of(node.value)
        return self.of(node.value)

    def of_subscript(self, node: ast.Subscript) -> Origins:
        """Return what an entry is made from: a series by its name, else all that the whole is made from."""
        if isinstance(node.value, ast.Attribute) and node.value.attr == "series":
            found = self.text(node.slice)
            return self.note(self.words.of_text(found)) if isinstance(found, str) else NONE
        return self.of(node.value) | self.of(node.slice)

    def of_call(self, node: ast.Call) -> Origins:
        """Return what a call's result is made from: its arguments, and whatever a known function reads by name."""
        arguments = [*node.args, *(k.value for k in node.keywords)]
        origins: set[str] = set()
        for argument in arguments:
            part = argument.value if isinstance(argument, ast.Starred) else argument
            text = self.text(part)
            origins |= self.note(self.words.of_text(text)) if isinstance(text, str) else self.of(part)
        if isinstance(node.func, ast.Attribute):
            origins |= self.of(node.func.value)
        called = self.called(node)
        known = self.summaries.get(called) if inspect.isfunction(called) else None
        if known is not None:
            self.me.calls.add(called)
            origins |= self.note(known.reads)
            self.hand_over(called, known, node, frozenset(origins))
        if isinstance(called, type) and hasattr(called, "__dataclass_fields__"):
            for name, argument in zip(called.__dataclass_fields__, node.args, strict=False):
                self.me.write(PEOPLE if name == "households" else name, self.of(argument) | self.guard)
        return frozenset(origins)

    def called(self, node: ast.Call) -> Any:
        """Return the function a call names; of a compiled one its Python text."""
        found = self.global_of(node.func)
        return getattr(found, "py_func", found)

    def hand_over(self, called: Callable[..., Any], known: Summary, node: ast.Call, origins: Origins) -> None:
        """Tell a known function what its arguments are, and let those it changes hold what it read."""
        names = [a.arg for a in tree_of(called).args.args]
        for name, argument in (*zip(names, node.args, strict=False), *((k.arg or "", k.value) for k in node.keywords)):
            if not self.is_table(argument):
                known.given.setdefault(name, set()).update(self.of(argument))
            if name in known.mutates:
                self.change(argument, origins | self.guard)

    def of_comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp) -> Origins:
        """Return what a comprehension is made from, constant by constant where they are written out."""
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        origins: set[str] = set()
        makers = node.generators
        for maker in makers:
            self.bind(maker.target, maker.iter)
            origins |= self.of(maker.iter)
        for maker in makers:
            for texts in self.unrolled(maker.target, maker.iter):
                self.texts |= texts
                for part in (*parts, *(test for each in makers for test in each.ifs)):
                    origins |= self.of(part)
        return frozenset(origins)

    def roots(self, node: ast.AST) -> set[str]:
        """Return the names whose content an expression may look into."""
        if isinstance(node, ast.Name):
            return {node.id}
        if isinstance(node, ast.Attribute):
            return {PEOPLE} if node.attr == "households" else self.roots(node.value)
        if isinstance(node, ast.Subscript | ast.Starred):
            return self.roots(node.value)
        if isinstance(node, ast.Call):
            named = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
            parts = [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
            return set().union(*(self.roots(a) for a in parts)) if named in VIEWS else set()
        if isinstance(node, ast.Tuple | ast.List):
            return set().union(*(self.roots(e) for e in node.elts))
        if isinstance(node, ast.DictComp | ast.ListComp | ast.GeneratorExp):
            return set().union(*(self.roots(g.iter) for g in node.generators))
        return set()
