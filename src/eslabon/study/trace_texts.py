"""Constants in a function's text: what a name stands for, and what a loop runs over, as far as it is written out."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any


class Texts:
    """The constants that the names of one function stand for.

    Attributes
    ----------
    globals : mapping of str to object
        Of the function's module.
    origins : dict of str to set of str
        Names that the function itself makes; they hide the module's.
    texts : dict of str to object
        Names that stand for a constant.
    """

    globals: Mapping[str, Any]
    origins: dict[str, set[str]]
    texts: dict[str, Any]

    def global_of(self, node: ast.expr) -> Any:
        """Return the module-level object that an expression names, or None."""
        if isinstance(node, ast.Name):
            return None if node.id in self.origins else self.globals.get(node.id)
        if isinstance(node, ast.Attribute):
            return getattr(self.global_of(node.value), node.attr, None)
        return None

    def text(self, node: ast.expr) -> Any:
        """Return the constant an expression stands for, or None."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self.texts.get(node.id, self.globals.get(node.id) if node.id not in self.origins else None)
        if isinstance(node, ast.JoinedStr):
            parts = [self.text(v.value if isinstance(v, ast.FormattedValue) else v) for v in node.values]
            return "".join(map(str, parts)) if None not in parts else None
        if isinstance(node, ast.Tuple | ast.Dict):
            return self.literal(node)
        return None

    def literal(self, node: ast.expr) -> Any:
        """Return a written-out tuple or table, the names in it replaced by their constants."""
        try:
            return ast.literal_eval(node)
        except ValueError:
            if isinstance(node, ast.Tuple):
                parts = [self.text(e.value if isinstance(e, ast.Starred) else e) for e in node.elts]
                flat = [x for e, p in zip(node.elts, parts, strict=True) for x in (p if isinstance(e, ast.Starred) and p else (p,))]
                return tuple(flat)
            return None

    def unrolled(self, target: ast.expr, source: ast.expr) -> list[dict[str, Any]]:
        """Return the constants that a loop's names take on, one by one; a single empty entry where they are not constants."""
        found = [matched(target, item) for item in self.items(source) or ()]
        return [one for one in found if any(isinstance(text, str) for text in one.values())] or [{}]

    def items(self, source: ast.expr) -> list[Any] | None:
        """Return the constants that an expression runs over, or None."""
        if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) and source.func.attr == "items":
            table = self.text(source.func.value)
            return list(table.items()) if isinstance(table, Mapping) else None
        if isinstance(source, ast.Call) and isinstance(source.func, ast.Name) and source.func.id in ("enumerate", "zip"):
            parts = [self.items(a) for a in source.args]
            if source.func.id == "enumerate":
                return list(enumerate(parts[0])) if parts[0] else None
            longest = max((len(p) for p in parts if p), default=0)
            return [tuple(p[i] if p and i < len(p) else None for p in parts) for i in range(longest)] or None
        table = self.text(source)
        return list(table) if isinstance(table, tuple | list | Mapping) else None


def names_of(target: ast.AST) -> list[str]:
    """Return the names that a loop or an assignment binds."""
    return [n.id for n in ast.walk(target) if isinstance(n, ast.Name)]


def matched(target: ast.expr, item: Any) -> dict[str, Any]:
    """Return the names of a target with the parts of an item they are bound to."""
    if isinstance(target, ast.Name):
        return {target.id: item}
    if isinstance(target, ast.Tuple) and isinstance(item, tuple) and len(item) == len(target.elts):
        return {name: value for one, part in zip(target.elts, item, strict=True) for name, value in matched(one, part).items()}
    return {}
