from argparse import ArgumentParser
from datetime import UTC, date, datetime, time, timedelta

from django.core.management.base import BaseCommand, CommandError

from courses.models import Cohort
from dashboards.pages import diary
from dashboards.services.pretending import As
from dashboards.services.rehearsal import rehearse

LONGEST = timedelta(days=400)


class Command(BaseCommand):
    help = "Prints what everybody in a cohort would be told, day by day. Nothing is sent or stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True, help="2026-09-01")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True, help="the last day")
        parser.add_argument("--cohort", type=int, required=True, help="the number in its address")
        parser.add_argument("--dry-run", action="store_true", help="has to be said: there is no other run")
        parser.add_argument("--as", dest="as_", choices=[*As], help="as if nobody did anything, or everybody in time")
        parser.add_argument("--person", default="", help="the username of one person, for their lines alone")
        parser.add_argument("--words", action="store_true", help="also what each email says")

    def handle(self, *args: object, **options: object) -> None:
        if not options["dry_run"]:
            raise CommandError("Add --dry-run: this command shows what would be told, and sends nothing.")
        first, last = options["first"], options["last"]
        if not first <= last <= first + LONGEST:
            raise CommandError(f"--to must be on or after --from, and at most {LONGEST.days} days later.")
        cohort = Cohort.objects.filter(pk=options["cohort"]).first()
        if cohort is None:
            raise CommandError(f"There is no cohort {options['cohort']}. Its number is in the address of its page.")
        as_ = As(options["as_"]) if options["as_"] else None
        # All of both days, wherever on earth somebody lives.
        begins = datetime.combine(first, time(0), UTC) - timedelta(hours=14)
        ends = datetime.combine(last, time(0), UTC) + timedelta(hours=36)
        told = rehearse(cohort, begins, ends, as_)
        for line in diary.lines(told, only=options["person"], with_text=options["words"]):
            self.stdout.write(line)
