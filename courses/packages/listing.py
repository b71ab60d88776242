"""Which files there are, and which of them a reference means."""

from __future__ import annotations

from collections.abc import Iterable

from . import limits, names


class Listing:
    """Files by clean path. `base` is the folder that holds the manifest ("" or "folder/")."""

    def __init__(self, paths: Iterable[str] = (), base: str = "") -> None:
        self.base = base
        self._known: dict[str, None] = {}
        self._folded: dict[str, str] = {}
        for path in paths:
            self.add(path, [path])

    def add(self, path: str, spellings: Iterable[str]) -> None:
        self._known[path] = None
        for spelling in spellings:
            self._folded.setdefault(names.fold(spelling), path)

    @property
    def paths(self) -> list[str]:
        """Every file, in the archive's order."""
        return list(self._known)

    def find(self, href: str, folder: str | None = None) -> str:
        """The file that a reference means, seen from `folder` (else the manifest); "" if none."""
        if len(href) > limits.MAX_REFERENCE:
            return ""
        start = self.base if folder is None else folder
        for candidate in names.candidates(start, href):
            if candidate in self._known:
                return candidate
            # Decomposed, a name has up to twice the letters; to compose them takes time in the square of their number.
            if len(candidate) > 2 * limits.MAX_PATH:
                continue
            found = self._folded.get(names.fold(candidate))
            if found:
                return found
        return ""
