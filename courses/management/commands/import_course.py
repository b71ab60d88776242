from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from courses.models import Course, CourseImport
from courses.services import import_runs


class Command(BaseCommand):
    help = "Imports a course package (IMS Common Cartridge 1.0 to 1.3, or Canvas's export) and prints its report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--into", type=int, metavar="ID", help="update this course, whatever the package is called")

    def handle(self, *args: object, **options: object) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"No file found at {path}.")
        into = None
        if options["into"] and not (into := Course.objects.filter(pk=options["into"]).first()):
            raise CommandError(f"No course has the id {options['into']}.")
        run = CourseImport.objects.create(file_name=path.name, state=CourseImport.State.RUNNING)
        run = import_runs.execute(run, path, into=into, by=None, tell=self.tell)
        if run.state == CourseImport.State.FAILED:
            raise CommandError(run.sentence)
        self.report(run)

    def tell(self, done: int, total: int) -> None:
        if self.stdout.isatty() or done == total:
            self.stdout.write(f"\r{done} of {total} steps", ending="\n" if done == total else "")
            self.stdout.flush()

    def report(self, run: CourseImport) -> None:
        for line in run.report_lines.order_by("place"):
            reason = f" — {line.reason}" if line.reason else ""
            self.stdout.write(f"{line.outcome:>10}  {line.kind:<12} {line.title or line.identifier}{reason}")
        for fault in run.report_faults.order_by("place"):
            for where in fault.where:
                self.stdout.write(f"     fault  {where}: {fault.message}")
        self.stdout.write(self.style.SUCCESS(f"Course {run.course_id}, “{run.course}”: {run.sentence}"))
