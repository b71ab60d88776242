"""The words for what the reader of packages has to say. It gives codes, because it knows nothing of languages."""

from dataclasses import asdict
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from courses.packages.draft import CourseDraft, Line
from courses.packages.reasons import SETTLED, Reason

WORDS: dict[str, Promise] = {
    # refusals: PackageError
    "empty_file": _("This file is empty."),
    "unreadable": _("This file can't be opened."),
    "not_zip": _(
        "This is not a course package: it is not a zip archive. "
        "Export the course as a Common Cartridge (.imscc) instead."
    ),
    "truncated": _("This archive is incomplete: its end is missing. Download or export it again."),
    "damaged": _("This archive is damaged and can't be opened. Download or export it again."),
    "encrypted": _("This archive has a password. Export it again without one."),
    "split": _("This is one part of a split archive. Export the course as a single file."),
    "bad_names": _("This archive names its files in an encoding that can't be read."),
    "long_path": _("This archive has a file with a name that is far too long."),
    "too_many_files": _("This archive has too many files."),
    "too_large": _("This archive would be too large once unpacked."),
    "bomb": _("This archive unpacks to far more than any course needs, so it was not opened."),
    "overlap": _("This archive's files overlap each other, so it was not opened."),
    "no_manifest": _(
        "This is an ordinary zip archive, not a course package: it has no imsmanifest.xml. "
        "Export the course as a Common Cartridge (.imscc) instead."
    ),
    "many_manifests": _("This archive has several course packages. Upload them one at a time."),
    "manifest_damaged": _("The package's manifest (imsmanifest.xml) is damaged and can't be read."),
    "manifest_too_large": _("The package's manifest (imsmanifest.xml) is too large to read."),
    "manifest_not_xml": _("The package's manifest (imsmanifest.xml) is not XML."),
    "manifest_not_manifest": _("The package's imsmanifest.xml does not describe a course package."),
    "manifest_entities": _("The package's manifest declares XML entities, which is not allowed."),
    "manifest_depth": _("The package's manifest is nested too deeply to read."),
    "moodle_backup": _("This is a Moodle backup. Export the course as a Common Cartridge (.imscc) instead."),
    "moodle_old": _(
        "This is a backup of Moodle 1.9 or older. Restore it in a newer Moodle and export the course from there "
        "as a Common Cartridge (.imscc)."
    ),
    "qti": _(
        "These are quiz questions (such as QTI), not a course. "
        "Export the course that they belong to as a Common Cartridge (.imscc) instead."
    ),
    "scorm": _(
        "This is a SCORM package, which can't be imported as a course. "
        "Export the course as a Common Cartridge (.imscc) instead."
    ),
    "blackboard": _(
        "This is a Blackboard export in its own format. Export the course as a Common Cartridge (.imscc) instead."
    ),
    "open_edx": _("This is an Open edX export. Export the course as a Common Cartridge (.imscc) instead."),
    "xapi": _("This is an xAPI or cmi5 package. Export the course as a Common Cartridge (.imscc) instead."),
    "h5p": _("This is an H5P activity, not a course. Export the course as a Common Cartridge (.imscc) instead."),
    "office": _(
        "This is an office document, not a course package. Export the course as a Common Cartridge (.imscc) instead."
    ),
    "epub": _(
        "This is an e-book (EPUB), not a course package. Export the course as a Common Cartridge (.imscc) instead."
    ),
    "tar": _("This is a tar archive, not a course package. Export the course as a Common Cartridge (.imscc) instead."),
    "other_archive": _(
        "This is a RAR, 7-Zip or similar archive. Export the course as a Common Cartridge (.imscc) instead."
    ),
    "package_inside": _("There is another package inside this archive (“%(name)s”). Unpack it and upload that file."),
    "pdf": _("This is a PDF document, not a course package. Export the course as a Common Cartridge (.imscc) instead."),
    "page": _(
        "This is a web page or XML file, not a course package. "
        "Export the course as a Common Cartridge (.imscc) instead."
    ),
    "picture": _("This is a picture, not a course package. Add it to a course as a file."),
    "recording": _("This is a video or audio file, not a course package. Add it to a course as a lecture."),
    "plain_text": _("This is a text file, not a course package. Add it to a course as a reading or a file."),
    "unsafe_path": _("This archive has a file with an unsafe path (“%(name)s”), so it was not opened."),
    "symlink": _("This archive has a link or device instead of a file (“%(name)s”), so it was not opened."),
    # faults
    "repaired": _("Its XML was not well-formed and was repaired. Something may be missing."),
    "ampersands": _("It had unescaped ampersands or undeclared entities, which were repaired."),
    "namespaces": _("The XML namespaces are wrong. Nothing is missing."),
    "controls": _("It had control characters, which were removed."),
    "no_schema": _("The manifest does not say which version of Common Cartridge it is."),
    "no_course_title": _("The package does not give the course a title."),
    "no_identifier": _("It has no identifier, so one was created."),
    "no_organisation": _("The package has no table of contents."),
    "deep_page": _("The page is nested too deeply. Its innermost parts are missing."),
    "backslashes": _("Some file names use backslashes instead of slashes."),
    "not_in_module_meta": _("It is in the manifest but not in Canvas's own list of modules."),
    "same_name": _("Another file in the archive has the same name. The last one is used."),
    "encoding": _("It is not in the encoding that it declares, so it was read as %(actual)s."),
    "duplicate": _("The identifier “%(identifier)s” is used twice."),
    "no_title": _("It has no title, so “%(used)s” is used."),
    "other_spelling": _("The manifest calls it “%(named)s”, but the archive has it as “%(found)s”."),
    "missing_file": _("The file “%(path)s” is not in the package."),
    "broken_link": _("A link to “%(url)s” was removed, because it points to nothing in the package."),
    "scheme_added": _("The address did not start with “https://”, so “%(url)s” is used."),
    # titles that stand in for missing ones
    "untitled_course": _("Untitled course"),
    "untitled_module": _("Untitled module"),
    "start_here": _("Start here"),
    "syllabus": _("Syllabus"),
    "course_settings": _("Course settings"),
    # what the importer adds
    "file_is_damaged": _("The file in the package is damaged."),
    "no_longer_there": _("No longer in the package. It was left unchanged, and students keep their ticks."),
    "deleted_here": _(
        "It was deleted on this site, so it was not brought back. The page “Edit the course” can restore it."
    ),
    "first_words_only": _("%(refusal)s Only its first words were imported. The rest is in the package alone."),
    # reasons in the report
    "unused": _("Not used by any page or module. If students need it, add it to the course."),
    "junk": _("Files that an operating system left in the archive. Nothing is missing."),
    "undeclared": _(
        "Not named in the manifest, and not used by any page or module. If students need it, add it to the course."
    ),
    "undeclared_used": _("Not named in the manifest, but used by a page."),
    "not_xml": _("Its XML is damaged beyond repair."),
    "xml_entities": _("Its XML declares entities, which is not allowed."),
    "xml_depth": _("Its XML is nested too deeply."),
    "xml_too_large": _("Its XML is too large."),
    "empty_page": _("The page is empty."),
    "page_too_large": _("The page is too large."),
    "text_too_large": _("The package has more text than we can import in one go."),
    "no_content": _("The package does not say what this is."),
    "no_heading": _("It has no title and nothing to open. The items below it were imported."),
    "no_address": _("The link has no address."),
    "settings": _("Order, titles and visibility were used. The other course settings are kept for later."),
    "outside": _("No module of the package holds it, so it is in the module “More pages”."),
    "front_page": _("The package calls it the front page, so it comes first."),
    "for_instructors": _("Marked as for instructors in the package, so it came in hidden from students."),
    "hidden": _("Hidden from students in the package."),
    "blank": _("The page is empty, so it is optional. Add text to it or delete it."),
    "empty_content": _("The file is empty, so it is optional. Replace it or delete it."),
    "withheld_link": _("A link to “%(url)s” was removed, because the package marks that file as for instructors."),
    "later": _("This site cannot use this kind of item yet, so students do not see it."),
    "announced": _("Announcements are not taken from a package. If students need it, announce it to a cohort."),
    "read_settings": _("It was used for order, titles and visibility."),
    "older_copy": _("The archive has another file with the same name. Only the last one is used."),
    # of assignments and discussions
    "no_task": _("It has no text. Write what students are asked to do."),
    "marks_left": _("In the package it is marked. Here it is ticked when a student has written what it asks for."),
    "nothing_online": _("In the package nothing is handed in online. Here students hand in text or files."),
    "letters_left": _("Letter grades and percentages are not used here, so it is marked in points."),
    "dates_left": _("Its dates were not imported. Set them for each cohort."),
    "peer_reviews_left": _("Reviews by other students are not possible here."),
    "groups_left": _("It was for groups. Here each student hands in their own work."),
    "types_left": _("The package limits the types of files. Here any type can be handed in."),
    "teachers_text_left": _("Its notes for teachers were not imported."),
    "rubric_came": ngettext_lazy(
        "Its rubric came along, with one criterion.", "Its rubric came along, with %(count)d criteria.", "count"
    ),
    "rubric_cut": _("Its rubric is too long: only the first 20 criteria, with 8 levels each, were imported."),
    "rubric_missing": _("Its rubric is not in the package."),
    "other_form": _("The same content is in the course in another form, so nothing is missing."),
    "dangling": _("The resource “%(reference)s” that it points to is not in the package."),
    "bad_scheme": _("The address “%(url)s” is not a web address."),
    "kept_with": _("Kept with “%(title)s”."),
    "file_damaged": _("The file “%(path)s” is damaged."),
    "file_unsupported": _("The file “%(path)s” is compressed in a way that can't be read."),
    "file_too_large": _("The file “%(path)s” is too large."),
    # what an item without any title is called
    "untitled_reading": _("Page"),
    "untitled_file": _("File"),
    "untitled_link": _("Link"),
    "untitled_discussion": _("Discussion"),
    "untitled_announcement": _("Announcement"),
    "untitled_assignment": _("Assignment"),
    "untitled_quiz": _("Quiz"),
    "untitled_question_bank": _("Question bank"),
    "untitled_lti": _("External tool"),
    "untitled_unknown": _("Unknown item"),
    "broken_links": ngettext_lazy(
        "One link points to something that is not in the package.",
        "%(count)d links point to things that are not in the package.",
        "count",
    ),
    "kept_links": ngettext_lazy(
        "One link leads to something that is kept for later. It will work when that does.",
        "%(count)d links lead to things that are kept for later. They will work when those do.",
        "count",
    ),
    "broken_and_kept_links": _(
        "Links to nothing in the package: %(broken)d. Links to things that are kept for later: %(kept)d."
    ),
    "parts_missing": ngettext_lazy("One of its files is missing.", "%(count)d of its files are missing.", "count"),
}


def report(draft: CourseDraft) -> dict[str, list[dict[str, Any]]]:
    """`lines` and `faults` of a CourseImport: kept in the language that is active, that of whoever asked."""
    return {
        "lines": [_line(line) for line in draft.lines],
        "faults": [{"where": fault.where, "message": in_words(fault.message)} for fault in draft.faults],
    }


def _line(line: Line) -> dict[str, Any]:
    told = asdict(line)
    del told["also"]
    said = [reason for reason in [line.reason, *line.also] if reason]
    is_settled = all(reason.code in SETTLED for reason in said)
    return {**told, "reason": " ".join(in_words(reason) for reason in said), "settled": is_settled}


def in_words(reason: Reason | None) -> str:
    """In the language that is active; "" for what needs no words."""
    return str(WORDS[reason.code] % reason.values) if reason else ""
