from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from common.joining import joined_module, joined_style

# Name, and where it was found: the storage and the path in it.
Found = dict[str, tuple[Storage, str]]
# By folder of our own; what packages bring stays as it came.
JOINED = {"css/": joined_style, "js/": joined_module}


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Our stylesheets and modules are collected with all that they import, then named by their content."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._urls: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """Worked out once: what was collected does not change while a process lives, and every page asks."""
        if settings.DEBUG or force or name is None:
            return super().url(name, force)
        if name not in self._urls:
            self._urls[name] = super().url(name)
        return self._urls[name]

    def post_process(self, paths: Found, dry_run: bool = False, **options: Any) -> Iterator[Any]:
        yield from super().post_process(paths if dry_run else paths | self._join(paths), dry_run, **options)

    def _join(self, paths: Found) -> Found:
        """Write the joined files in the place of those that were copied, and say which."""
        ours = [name for name in paths if name.startswith(tuple(JOINED))]
        sources = {name: _text(*paths[name]) for name in ours}
        written: Found = {}
        for name, source in sources.items():
            text = JOINED[f"{name.partition('/')[0]}/"](name, sources)
            # Also what is as it was: an earlier release may have left something else in its place.
            Path(self.path(name)).write_text(text, "utf-8")
            if text != source:
                written[name] = (self, name)
        return written


def _text(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return file.read().decode()
