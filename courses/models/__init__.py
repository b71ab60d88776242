from courses.models.announcement import Announcement
from courses.models.calendar import DayOff, WorkingCalendar
from courses.models.cohort import Cohort, CourseEditor, Enrolment
from courses.models.content import CourseFile, FileContent, FileUse, LessonWords, LinkContent, Passage, Reading
from courses.models.course import Activity, Course, Module
from courses.models.dates import Accommodation, DueDate, EffectiveDue, Extension
from courses.models.imports import CourseImport, KeptItem, ReportFault, ReportFold, ReportLine
from courses.models.recording import CaptionTrack, LectureContent, Recording

__all__ = [
    "Accommodation",
    "Activity",
    "Announcement",
    "CaptionTrack",
    "Cohort",
    "Course",
    "CourseEditor",
    "CourseFile",
    "CourseImport",
    "DayOff",
    "DueDate",
    "EffectiveDue",
    "Enrolment",
    "Extension",
    "FileContent",
    "FileUse",
    "KeptItem",
    "LectureContent",
    "LessonWords",
    "LinkContent",
    "Module",
    "Passage",
    "Reading",
    "Recording",
    "ReportFault",
    "ReportFold",
    "ReportLine",
    "WorkingCalendar",
]
