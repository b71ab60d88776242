"""Nothing is kept for ever: what was told, and why not, can be looked up for a year."""

from datetime import datetime, timedelta

from notifications.models import Event, Notice

TOLD_FOR, SKIPPED_FOR, EVENTS_FOR = timedelta(days=365), timedelta(days=180), timedelta(days=7)
AT_A_TIME = 5_000


def clear_some(now: datetime) -> int:
    old = Notice.objects.exclude(state="planned").filter(settled_at__lt=now - TOLD_FOR)
    # What was held out is compared with what was told in the same year.
    skipped = Notice.objects.filter(state="skipped", settled_at__lt=now - SKIPPED_FOR)
    gone = [*old.values_list("pk", flat=True)[:AT_A_TIME], *skipped.values_list("pk", flat=True)[:AT_A_TIME]]
    Event.objects.filter(spread_at__lt=now - EVENTS_FOR).delete()
    return Notice.objects.filter(pk__in=gone).delete()[0]
