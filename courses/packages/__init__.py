"""Reads course packages (IMS Common Cartridge 1.0 to 1.3, Canvas's export) into a neutral draft.

Pure: no Django, no database, nothing unpacked to disk. Start at `read_package`.
"""

from .draft import (
    CourseDraft,
    DamagedFile,
    Fault,
    ItemDraft,
    Line,
    ModuleDraft,
    PackageError,
    Reference,
    parse_reference,
)
from .reader import Package, read_package, recognise
from .reasons import Reason

__all__ = [
    "CourseDraft",
    "DamagedFile",
    "Fault",
    "ItemDraft",
    "Line",
    "ModuleDraft",
    "Package",
    "PackageError",
    "Reason",
    "Reference",
    "parse_reference",
    "read_package",
    "recognise",
]
