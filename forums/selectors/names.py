"""Whom one may name in a post, while "@" and a name are typed."""

from django.db import connection

from accounts.models import User
from accounts.querysets import PEER_NAME_SQL
from courses.models import Cohort
from courses.querysets import ACTIVE_SQL

MOST = 6
# As `forums.services.texts` reads names behind "@", and from the beginning of any word of them.
BEGINNING = """
SELECT name
  FROM (SELECT DISTINCT {name} AS name
          FROM courses_enrolment e JOIN accounts_user r ON r.id = e.user_id
         WHERE e.cohort_id = %(cohort)s AND {active} AND r.is_active AND r.deleted_at IS NULL
           AND r.id <> %(viewer)s) AS member
 WHERE strpos(' ' || upper(name), ' ' || upper(%(typed)s)) > 0
 ORDER BY strpos(upper(name), upper(%(typed)s)), name LIMIT %(most)s
""".replace("{name}", PEER_NAME_SQL).replace("{active}", ACTIVE_SQL)


def beginning(viewer: User, cohort: Cohort, typed: str) -> list[str]:
    """The names of others in the cohort, as classmates see them, in which a word begins like this."""
    if not typed.strip():
        return []
    with connection.cursor() as cursor:
        cursor.execute(BEGINNING, {"cohort": cohort.pk, "viewer": viewer.pk, "typed": typed, "most": MOST})
        return [name for (name,) in cursor]
