from datetime import date

from courses.models import Cohort
from feedback.models import Pause


def of_cohort(cohort: Cohort, today: date) -> list[Pause]:
    """Those that last, the first to end before the others."""
    lasting = Pause.objects.filter(cohort=cohort, ended_at=None, last__gte=today)
    return list(lasting.select_related("activity", "cohort").order_by("last", "pk"))
