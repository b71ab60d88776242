"""What a package may cost, each limit with its reason. Sizes are in bytes."""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

# --- the archive -------------------------------------------------------------------------------
# Room for a course of thousands of files; each entry costs some 600 bytes here.
MAX_ENTRIES = 20_000
# 400 bytes for each of 20,000 names; read whole before zipfile may build its objects.
MAX_DIRECTORY_BYTES = 8 * MIB
# Far beyond what file systems allow; longer ones only serve to hurt.
MAX_PATH = 1_000
# A reference writes each letter of a path in up to twelve ("%F0%9F%90%9D"); a longer one names no file.
MAX_REFERENCE = 12 * MAX_PATH
# The beginning of a file that is no zip, and what may be unpacked of it to see the names of a tar archive.
MAX_HEAD_BYTES = 256 * KIB
MAX_UNPACKED_HEAD = 4 * MIB
# Uncompressed, all together. Lectures are uploaded as recordings, not inside a package.
MAX_TOTAL_BYTES = 2 * GIB
# Deflate reaches about 1,030:1 on zeros; text stays far below 200. Small files are let off, because
# an empty template may compress well and costs nothing.
MAX_RATIO = 200
RATIO_FROM = 4 * MIB
# The same for the whole archive: many files just under RATIO_FROM are a bomb as well.
MAX_TOTAL_RATIO = 100
TOTAL_RATIO_FROM = 64 * MIB

# --- markup ------------------------------------------------------------------------------------
# A manifest of 5,000 items is some 2 MiB; assessments inlined in it can multiply that.
MAX_MANIFEST_BYTES = 20 * MIB
# Up to here a manifest is read at once when somebody uploads it; a larger one waits for the worker.
MAX_MANIFEST_AT_ONCE = MIB
# A tree costs some 200 bytes for every "<" or "=", whatever the file's size: 50 MB at the most.
MAX_MANIFEST_MARKUP = 250_000
# One link, topic or settings file, Canvas's list of modules among them.
MAX_XML_BYTES = 4 * MIB
MAX_XML_MARKUP = 150_000
# Namespaces in force at one place; writing out an element declares them all again. Six is usual.
MAX_NAMESPACES = 200
# The settings of one topic; a rubric may stand in them.
MAX_SETTINGS_BYTES = 256 * KIB
# A page may carry a few pasted screenshots as data: addresses.
MAX_PAGE_BYTES = 4 * MIB
MAX_PAGE_MARKUP = 100_000
# No editor writes a tag with more than some 30; parsers are slow with thousands.
MAX_ATTRIBUTES = 500
# Looking for such tags may read each byte of a page that often.
TAG_SCAN_FACTOR = 10

# A page of links has hundreds; each costs a search in the archive.
MAX_PAGE_LINKS = 10_000
# A picture comes in some five sizes.
MAX_SRCSET = 50
# Canvas has five steps; each heading above an item is part of its own.
MAX_INDENT = 20

# --- the draft, which is held in memory --------------------------------------------------------
# All pages and kept texts together; over it a page is left out and a kept file stays a file.
MAX_TEXT_BYTES = 32 * MIB
# Kept inside `raw` up to here; larger ones are named there and listed in `CourseDraft.files`.
MAX_RAW_BINARY_BYTES = 256 * KIB
MAX_RAW_ITEM_BYTES = 4 * MIB
# Resources that one kept thing may draw in by dependency; quizzes with pictures have dozens.
MAX_COMPANIONS = 200
# The same for the whole package: thousands of quizzes might each draw in the same hundreds.
MAX_COMPANIONS_IN_ALL = 40_000
# Settings of quizzes and topics that are searched for identifiers; each is a few KiB.
MAX_ALIAS_BYTES = 32 * MIB
# Of a rubric: as many as its editor has, with the words of each.
MAX_CRITERIA = 20
MAX_LEVELS = 8
MAX_CRITERION_TITLE = 120
MAX_CRITERION_SENTENCE = 1_000
MAX_FAULTS = 2_000
MAX_TITLE = 255
# Room for "~12" and for a prefix within the 255 characters of the importer's columns.
MAX_IDENTIFIER = 200
MAX_HEADING = 500
MAX_DESCRIPTION = 5_000
