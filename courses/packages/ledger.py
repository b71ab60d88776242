"""The books of an import: who answers for what, and no identifier given twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from . import limits
from .draft import Fault, Line
from .reasons import Reason


class Ledger:
    """Collects the report. Each thing of the package is answered for by exactly one line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.faults: list[Fault] = []
        self._covered: set[str] = set()

    def add(self, line: Line, covers: Iterable[str], place: int | None = None) -> None:
        """Add a line (at `place`, else last) for whatever of `covers` no other line has taken."""
        line.covers = [key for key in dict.fromkeys(covers) if key not in self._covered]
        self._covered.update(line.covers)
        self.lines.insert(len(self.lines) if place is None else place, line)

    def has(self, key: str) -> bool:
        return key in self._covered

    def fault(self, where: str, message: Reason) -> None:
        """Note a defect once; a package with thousands of them is known to be bad by then."""
        fault = Fault(where, message)
        if len(self.faults) < limits.MAX_FAULTS and fault not in self.faults[-20:]:
            self.faults.append(fault)


class Identifiers:
    """Hands out identifiers that are unique in the draft and the same on the next reading."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def allocate(self, wanted: str) -> str:
        if len(wanted) > limits.MAX_IDENTIFIER:
            digest = hashlib.sha256(wanted.encode("utf-8", "replace")).hexdigest()[:32]
            wanted = f"{wanted[: limits.MAX_IDENTIFIER - 33]}-{digest}"
        number = self._given.get(wanted)
        if number is None:
            self._given[wanted] = 1
            return wanted
        while f"{wanted}~{number + 1}" in self._given:
            number += 1
        self._given[wanted] = number + 1
        self._given[f"{wanted}~{number + 1}"] = 1
        return f"{wanted}~{number + 1}"


class Budget:
    """Text that the draft may still take into memory."""

    def __init__(self, size: int = limits.MAX_TEXT_BYTES) -> None:
        self.left = size

    def take(self, size: int) -> bool:
        """Whether `size` more bytes fit; if so they are spent."""
        if size > self.left:
            return False
        self.left -= size
        return True
