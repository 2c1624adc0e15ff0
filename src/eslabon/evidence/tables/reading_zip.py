"""The parts of a zip file, unpacked in pieces and counted; names are only looked up, never used as paths."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from eslabon.evidence.tables.bounds import Meter, Refusal

PIECE = 65_536
RATIO_FLOOR = 2_000_000
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".ods", ".docx", ".kmz", ".gz", ".7z", ".rar", ".jar")
DIRECTORY_ENTRY = b"PK\x01\x02"


class Archive:
    """A zip file held in memory."""

    def __init__(self, data: bytes, meter: Meter) -> None:
        self.meter = meter
        if data.count(DIRECTORY_ENTRY) > meter.limits.members:
            raise Refusal("E-ZIP-MEMBERS", limit=meter.limits.members)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise Refusal("E-ZIP-DAMAGED", detail=str(error)[:100]) from None
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            if member.filename in self._members:
                raise Refusal("E-ZIP-DUPLICATE", member.filename[:200])
            self._members[member.filename] = member

    def __contains__(self, name: str) -> bool:
        return name in self._members

    @property
    def names(self) -> list[str]:
        """Names of the parts."""
        return list(self._members)

    def refuse_nested(self) -> None:
        """Refuse a part that is itself an archive, by its name or its first bytes."""
        for name, member in self._members.items():
            if name.lower().endswith(ARCHIVES) or self._begins(member).startswith((b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf")):
                raise Refusal("E-ZIP-NESTED", name[:200])

    def _begins(self, member: zipfile.ZipInfo) -> bytes:
        try:
            with self._zip.open(member) as part:
                return part.read(4)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
            return b""

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a part unpacked, in pieces, refusing as soon as a limit is passed."""
        member = self._members.get(name)
        if member is None:
            raise Refusal("E-DAMAGED", name[:200], detail="missing part")
        if member.flag_bits & 1:
            raise Refusal("E-ENCRYPTED", name[:200])
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refusal("E-ZIP-DAMAGED", name[:200], detail="compression method")
        yield from self._unpack(member)

    def _unpack(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        size = 0
        allowed = max(RATIO_FLOOR, self.meter.limits.ratio * member.compress_size)
        try:
            with self._zip.open(member) as part:
                while piece := part.read(PIECE):
                    size += len(piece)
                    self.meter.add_unpacked(len(piece))
                    if size > allowed:
                        raise Refusal("E-BOMB-RATIO", member.filename[:200], limit=self.meter.limits.ratio)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
            raise Refusal("E-ZIP-DAMAGED", member.filename[:200], detail=str(error)[:100]) from None

    def read(self, name: str, limit: int = PIECE) -> bytes:
        """Return the first `limit` bytes of a small part, empty if there is none."""
        if name not in self._members:
            return b""
        found = b""
        for piece in self.pieces(name):
            found += piece
            if len(found) >= limit:
                break
        return found[:limit]
