"""How much of a file is read at most, and the meter that counts while reading: sizes that a file declares are never believed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; a table of official statistics stays far below each of these.

    Parameters
    ----------
    file_bytes, unpacked_bytes : int
        Of the file, and of all parts of a compressed file together.
    ratio : int
        Unpacked over packed bytes of one part; looked at above 2 MB.
    members : int
        Parts of a compressed file.
    elements, depth, token_bytes : int
        Of XML and HTML: elements of all parts together (a cell counts three), nesting, and the longest single tag.
    sheets, rows, columns : int
        Sheets of a file, rows and columns of a sheet.
    cells, area : int
        Cells with a content, and cells including blank ones, of all sheets together.
    text_length, text_total : int
        Characters of one cell and of all cells together.
    notes : int
        Notes kept; further ones are counted.
    processor_s, wall_s : float
        Time that the reading process may compute, and may take altogether on a busy machine.
    memory_bytes, answer_bytes : int
        Address space of the reading process, and the most it may hand back.
    """

    file_bytes: int = 20_000_000
    unpacked_bytes: int = 64_000_000
    ratio: int = 200
    members: int = 500
    elements: int = 1_500_000
    depth: int = 100
    token_bytes: int = 1_000_000
    sheets: int = 100
    rows: int = 100_000
    columns: int = 1_000
    cells: int = 300_000
    area: int = 2_000_000
    text_length: int = 32_767
    text_total: int = 16_000_000
    notes: int = 500
    processor_s: int = 4
    wall_s: float = 20.0
    memory_bytes: int = 400_000_000
    answer_bytes: int = 64_000_000


LIMITS = Limits()
CELL_WEIGHT = 3
"""A cell costs about as much as three other elements."""
MEGABYTE = 1_000_000


class Refusal(Exception):
    """A reader refuses the file; crosses from the reading process as a code with its values."""

    def __init__(self, code: str, place: str = "", value: str = "", **values: str | int) -> None:
        super().__init__(code)
        self.code, self.place, self.value, self.values = code, place, value, values


class Meter:
    """Counts what has been read of a file so far and refuses the first thing above a limit."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.unpacked = self.elements = self.cells = self.area = self.text = 0

    def add_unpacked(self, size: int) -> None:
        """Count unpacked bytes."""
        self.unpacked += size
        if self.unpacked > self.limits.unpacked_bytes:
            raise Refusal("E-BOMB-SIZE", limit=self.limits.unpacked_bytes // MEGABYTE)

    def add_elements(self, number: int, place: str) -> None:
        """Count elements of XML or HTML."""
        self.elements += number
        if self.elements > self.limits.elements:
            raise Refusal("E-XML-ELEMENTS", place, limit=self.limits.elements)

    def add_cell(self, length: int) -> None:
        """Count one cell with a content of `length` characters."""
        limits = self.limits
        self.cells += 1
        self.text += length
        if self.cells > limits.cells:
            raise Refusal("E-CELLS", limit=limits.cells)
        if length > limits.text_length:
            raise Refusal("E-TEXT-LENGTH", limit=limits.text_length)
        if self.text > limits.text_total:
            raise Refusal("E-TEXT-TOTAL", limit=limits.text_total)

    def add_area(self, place: str, cells: int) -> None:
        """Count the cells of a sheet's rectangle, blank ones too."""
        self.area += cells
        if self.area > self.limits.area:
            raise Refusal("E-AREA", place, limit=self.limits.area)
