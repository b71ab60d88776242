"""The archive, opened with suspicion: checked as a whole first, then read file by file."""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from pathlib import Path
from typing import IO, BinaryIO

from . import limits, names, reasons
from .directory import check_directory
from .draft import DamagedFile, PackageError
from .listing import Listing
from .reasons import Reason

Source = str | os.PathLike[str] | BinaryIO

_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, UnicodeError, NotImplementedError)


class Archive(Listing):
    def __init__(self, source: Source) -> None:
        super().__init__()
        self.faults: list[Reason] = []
        self.junk: list[str] = []
        self.older_copies: list[str] = []
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._owned = isinstance(source, str | os.PathLike)
        self._stream = _open_source(source)
        try:
            check_directory(self._stream)
            self._zip = _open_zip(self._stream)
            _check_totals(self._zip, self._stream.seek(0, os.SEEK_END))
            self._index()
        except BaseException:
            self.close()
            raise

    def _index(self) -> None:
        backslashes = False
        for info in self._zip.infolist():
            readings = names.spellings(info.orig_filename, bool(info.flag_bits & 0x800))
            paths = [names.safe_path(reading) for reading in readings]
            _check_entry(info, paths[0])
            backslashes = backslashes or "\\" in info.orig_filename
            if readings[0].endswith(("/", "\\")):
                continue  # a folder
            if not paths[0]:
                raise PackageError(reasons.unsafe_path(info.orig_filename))
            if paths[0] in self._infos:
                self.older_copies.append(paths[0])
            self._infos[paths[0]] = info
            self.add(paths[0], paths)
        if backslashes:
            self.faults.append(reasons.BACKSLASHES)
        self.junk = [path for path in self._infos if names.is_junk(path)]

    def size(self, path: str) -> int:
        return self._infos[path].file_size

    def open(self, path: str) -> BinaryIO:
        """The file's bytes as a stream, which raises DamagedFile when they turn out wrong."""
        info = self._infos[path]
        if info.compress_type not in _READABLE:
            raise DamagedFile(reasons.file_unsupported(path))
        try:
            inner = self._zip.open(info)
        except (*_BROKEN, RuntimeError) as error:
            raise DamagedFile(reasons.file_damaged(path)) from error
        return io.BufferedReader(_Counted(inner, info.file_size, path))

    def read(self, path: str, limit: int) -> bytes:
        """The whole file, when it is no larger than `limit`."""
        if self.size(path) > limit:
            raise DamagedFile(reasons.file_too_large(path))
        with self.open(path) as stream:
            return stream.read()

    def problem(self, path: str) -> Reason | None:
        """Why the file can't even be begun, or None. Cheap: it reads the local header only."""
        try:
            self.open(path).close()
        except DamagedFile as error:
            return error.reason
        return None

    def close(self) -> None:
        if hasattr(self, "_zip"):
            self._zip.close()
        if self._owned:
            self._stream.close()


class _Counted(io.RawIOBase):
    """A member that counts its real bytes, so that a size that lied is noticed."""

    def __init__(self, inner: IO[bytes], size: int, path: str) -> None:
        self._inner = inner
        self._left = size
        self._path = path

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a narrower type than io.RawIOBase
        try:
            data = self._inner.read(len(buffer))
        except _BROKEN as error:
            raise DamagedFile(reasons.file_damaged(self._path)) from error
        self._left -= len(data)
        if self._left < 0 or (not data and len(buffer) and self._left):
            raise DamagedFile(reasons.file_damaged(self._path))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def _open_source(source: Source) -> BinaryIO:
    if not isinstance(source, str | os.PathLike):
        return source
    try:
        return Path(source).open("rb")
    except OSError as error:
        raise PackageError(reasons.UNREADABLE) from error


def _open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except UnicodeDecodeError as error:
        raise PackageError(reasons.BAD_NAMES) from error
    except Exception as error:  # zipfile lets struct.error, OverflowError and more through
        raise PackageError(reasons.DAMAGED) from error


def _check_entry(info: zipfile.ZipInfo, path: str) -> None:
    if info.flag_bits & (0x1 | 0x40 | 0x2000):
        raise PackageError(reasons.ENCRYPTED)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise PackageError(reasons.symlink(names.printable(path)))
    packed = max(info.compress_size, 1)
    if info.file_size > limits.RATIO_FROM and info.file_size / packed > limits.MAX_RATIO:
        raise PackageError(reasons.BOMB)


def _check_totals(archive: zipfile.ZipFile, size: int) -> None:
    infos = archive.infolist()
    if len(infos) > limits.MAX_ENTRIES:
        raise PackageError(reasons.TOO_MANY_FILES)
    total = sum(info.file_size for info in infos)
    if total > limits.TOTAL_RATIO_FROM and total / max(size, 1) > limits.MAX_TOTAL_RATIO:
        raise PackageError(reasons.BOMB)
    if total > limits.MAX_TOTAL_BYTES:
        raise PackageError(reasons.TOO_LARGE)
    if any(info.header_offset < 0 for info in infos):
        raise PackageError(reasons.DAMAGED)  # its beginning is gone
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise PackageError(reasons.OVERLAP)
        end = info.header_offset + 30 + len(info.orig_filename) + info.compress_size
    if end > archive.start_dir:
        raise PackageError(reasons.OVERLAP if end <= size else reasons.TRUNCATED)
