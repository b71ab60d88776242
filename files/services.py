import hashlib
import mimetypes
import re
from datetime import timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import BinaryIO

from django.core.files import File as DjangoFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from files import work
from files.models import File

CHUNK = 64 * 1024
CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
STALE_AFTER = timedelta(hours=24)
AT_ONCE = 500


def content_type_of(name: str) -> str:
    """From the name alone: with `nosniff` a browser believes it, and `serving` decides what it may do with it."""
    # Of its ending alone: a whole name such as "data:text/html,x" would be read as an address.
    guessed, encoding = mimetypes.guess_type(f"file{PurePosixPath(name).suffix}")
    return guessed if guessed and not encoding else "application/octet-stream"


def fingerprint(stream: BinaryIO) -> tuple[str, int]:
    """SHA-256 in hex and size in bytes of the whole stream, however far it was read; leaves it at its start."""
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while block := stream.read(CHUNK):
        digest.update(block)
        size += len(block)
    stream.seek(0)
    return digest.hexdigest(), size


def store(stream: BinaryIO, name: str, *, by: User | None, claimed: bool, content_type: str | None = None) -> File:
    """Write the bytes of a seekable stream to storage and a row beside them.

    `content_type` is what was found inside, where somebody looked; else the name tells it.
    An unclaimed file is thrown away after `STALE_AFTER`; the code that starts to use it sets `claimed_at`.
    """
    sha256, size = fingerprint(stream)
    # Postgres keeps no NUL, and no header may hold a line break.
    name = CONTROLS.sub(" ", name)
    file = File(
        name=name[-255:],
        size=size,
        sha256=sha256,
        content_type=content_type or content_type_of(name),
        uploaded_by=by,
        claimed_at=timezone.now() if claimed else None,
    )
    file.blob.save(name, DjangoFile(stream), save=False)
    file.save(force_insert=True)
    return file


def stored(file: File) -> "DjangoFile[bytes]":
    """The bytes as they lie in storage; one just saved would otherwise still be read from where it came."""
    return file.blob.storage.open(file.blob.name, "rb")


def delete(files: list[File]) -> None:
    """Rows first, bytes after the commit: a crash between leaves an orphan file, never a row without bytes."""
    for file in files:
        blob = file.blob
        file.delete()
        transaction.on_commit(partial(blob.storage.delete, blob.name))


def clear_stale_uploads() -> int:
    """Delete uploads that led nowhere; how many. Those that a text names which is still being written stay."""
    stale = File.objects.unclaimed_since(timezone.now() - STALE_AFTER)
    gone, last = 0, None
    # By their keys, so that files which have to stay keep no others from going.
    while some := list((stale.filter(pk__gt=last) if last else stale).order_by("pk")[:AT_ONCE]):
        kept, last = work.needed([file.pk for file in some]), some[-1].pk
        free = [file for file in some if file.pk not in kept]
        delete(free)
        gone += len(free)
        if gone >= AT_ONCE:
            break
    return gone
