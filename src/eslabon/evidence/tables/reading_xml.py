"""XML in pieces through expat, without document types or entities, counted while it is parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pyexpat import ErrorString, ExpatError, ParserCreate

from eslabon.evidence.tables.bounds import Meter, Refusal

Attributes = dict[str, str]
OUT_OF_MEMORY = 1
ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1")


class Finished(Exception):
    """A handler has seen all it wanted; the rest of the part is not read."""


class XmlReader:
    """One XML part being parsed; names are given to the handlers without their namespaces.

    Parameters
    ----------
    part : str
        Name for messages.
    start, end : callable
        Called with the local name (and attributes) of each element.
    text : callable
        Called with character data, in one or more pieces.
    """

    def __init__(
        self, part: str, meter: Meter, *, start: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None, text: Callable[[str], None] | None = None,
    ) -> None:  # fmt: skip
        self.part, self.meter, self._start, self._end = part, meter, start, end
        self._local: dict[str, str] = {}
        self._depth = self._fed = self._elements = 0
        self._parser = parser = ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = 65_536
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        if text is not None:
            parser.CharacterDataHandler = text
        parser.XmlDeclHandler = self._check_encoding
        parser.StartDoctypeDeclHandler = self._refuse_declaration
        parser.EntityDeclHandler = self._refuse_declaration

    def parse(self, pieces: Iterable[bytes]) -> None:
        """Feed all pieces."""
        try:
            for piece in pieces:
                self._feed(piece)
            self._parser.Parse(b"", True)
        except Finished:
            return
        except ExpatError as error:
            if error.code == OUT_OF_MEMORY:
                raise MemoryError from None
            raise Refusal("E-XML", f"{self.part} line {error.lineno}", detail=ErrorString(error.code) or "") from None

    def _feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)
        self._fed += len(piece)
        self.meter.add_elements(self._elements, self.part)
        self._elements = 0
        if self._depth > self.meter.limits.depth:
            raise Refusal("E-XML-DEPTH", self.part, limit=self.meter.limits.depth)
        if self._fed - max(self._parser.CurrentByteIndex, 0) > self.meter.limits.token_bytes:
            raise Refusal("E-XML-TOKEN", self.part, limit=self.meter.limits.token_bytes)

    def _open(self, name: str, attributes: Attributes) -> None:
        self._elements += 1
        self._depth += 1
        local = self._local.get(name)
        if local is None:
            local = self._local[name] = name.rsplit(" ", 1)[-1]
        self._start(local, attributes)

    def _close(self, name: str) -> None:
        self._depth -= 1
        if self._end is not None:
            self._end(self._local[name])

    def _check_encoding(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise Refusal("E-XML", self.part, encoding[:40], detail="unknown encoding")

    def _refuse_declaration(self, *_: object) -> None:
        raise Refusal("E-XML-DTD", self.part)


def local_attributes(attributes: Attributes) -> Attributes:
    """Return the attributes by their names without namespaces."""
    return {name.rsplit(" ", 1)[-1]: value for name, value in attributes.items()}


def whole(text: str | None, default: int, place: Callable[[], str] = str) -> int:
    """Return a count of a file, which must be a plain whole number of at most ten digits."""
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Refusal("E-DAMAGED", place(), text[:60], detail="not a count")
    return int(text)
