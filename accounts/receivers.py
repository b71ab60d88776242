"""What a mail provider reports of mails that have left (accounts.views.mail_events)."""

from anymail.signals import AnymailTrackingEvent, tracking
from django.dispatch import receiver
from django.utils import timezone

from accounts.services import bounces


@receiver(tracking)
def mail_came_back(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: object) -> None:
    bounces.mail_came_back(event, esp_name, timezone.now())
