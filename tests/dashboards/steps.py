"""What the tests of the dashboards share."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.test import Client

from courses.models import Activity, Cohort, DueDate, Enrolment
from progress.services import ticks

# A Tuesday.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def refused(response: HttpResponse) -> str:
    """A form that came back: its summary is there, and the title says so."""
    assert response.status_code == 422
    page = response.content.decode()
    assert "There is a problem" in page
    assert "<title>Error: " in page
    return page


def due(cohort: Cohort, activity: Activity, at: datetime, closes: datetime | None = None) -> DueDate:
    wall = {"suggested_wall": at.astimezone(UTC).replace(tzinfo=None)}
    if closes:
        wall["cutoff_wall"] = closes.astimezone(UTC).replace(tzinfo=None)
    return DueDate.objects.create(cohort=cohort, activity=activity, zone="UTC", **wall)


def do(enrolment: Enrolment, *activities: Activity, at: datetime | None = None) -> None:
    for activity in activities:
        ticks.complete(enrolment, activity, how="marked", evidence={}, by=enrolment.user, at=at)


def proposed(client: Client) -> tuple[str, str] | None:
    """The title of the next step and why it is the next."""
    coming = client.get("/").context["coming"]
    return (coming.step.title, coming.reason) if coming else None


def waiting(client: Client) -> list[str]:
    return [placed.step.title for placed in client.get("/").context["due"]]
