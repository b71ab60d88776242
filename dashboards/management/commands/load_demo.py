from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from dashboards.demo import cohort


class Command(BaseCommand):
    help = "Loads the demo course and cohort. Loading it again changes nothing."

    def handle(self, *args: object, **options: object) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError("The demo has published passwords, so it cannot be loaded with production settings.")
        found = cohort.load()
        self.stdout.write(f"Demo: “{found.course}”, {found} ({found.enrolments.count()} people).")
        for role in ("student", "teacher", "admin"):
            self.stdout.write(f"  {role}@ownpace.test / {cohort.PASSWORD}")
