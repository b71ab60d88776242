"""Work that lies in rows: any number of workers take it in turn, and what a dead worker had is taken again."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

Row = TypeVar("Row", bound=models.Model)

# Picked rows are locked before they are changed; as a part of the UPDATE alone, the limit might be picked twice.
TAKE = """
WITH picked (row) AS MATERIALIZED ({picked}),
claimed AS (UPDATE {table} SET {changes} FROM picked WHERE {table}.{pk} = picked.row RETURNING {table}.*)
SELECT * FROM claimed ORDER BY {oldest}, {pk}
"""


@dataclass(frozen=True)
class Claims:
    """How the rows of one model are handed to workers (docs/adr/0014).

    `until`, `attempts`, `oldest` and `not_before` name fields. A row is free when nobody claimed it, or when the claim
    has run out: its worker counts as dead. Who comes after `most_attempts` claims is not handed out any more; without
    it the worker decides, and can write down how it ended. With `not_before` a row can be put off.
    """

    lease: timedelta
    oldest: str = "pk"
    most_attempts: int | None = None
    until: str = "lease_until"
    attempts: str = "attempts"
    not_before: str | None = None

    def take(self, waiting: QuerySet[Row], most: int = 1, **also: Any) -> list[Row]:
        """Claim the oldest free rows of `waiting` in one statement, and set the fields of `also`; the oldest first."""
        now, model, quoted = timezone.now(), waiting.model, connection.ops.quote_name
        table = quoted(model._meta.db_table)
        column = {field.name: quoted(field.column) for field in model._meta.concrete_fields}
        column["pk"] = quoted(model._meta.pk.column)
        values = {self.until: now + self.lease, **also}
        changes = [f"{column[name]} = %s" for name in values]
        changes.append(f"{column[self.attempts]} = {table}.{column[self.attempts]} + 1")
        with transaction.atomic():
            free = waiting.filter(self._free(now)).order_by(self.oldest, "pk").select_for_update(skip_locked=True)
            picked, given = free.values("pk")[:most].query.get_compiler(connection=connection).as_sql()
            statement = TAKE.format(
                picked=picked,
                table=table,
                changes=", ".join(changes),
                pk=column["pk"],
                oldest=column[self.oldest],
            )
            return list(model._base_manager.raw(statement, [*given, *values.values()]))

    def held(self, rows: Sequence[Row]) -> QuerySet[Row]:
        """Those of the claimed rows that are still ours: how work ended is written through this.

        Every claim counts one attempt more, so their number also tells whose claim it is.
        """
        ours = defaultdict(list)
        for row in rows:
            ours[getattr(row, self.attempts)].append(row.pk)
        one_of_ours = Q(*(Q(**{self.attempts: n, "pk__in": keys}) for n, keys in ours.items()), _connector=Q.OR)
        return type(rows[0])._base_manager.filter(one_of_ours, **{f"{self.until}__isnull": False})

    def renew(self, rows: Sequence[Row]) -> int:
        """Hold claimed rows for another lease; how many of them were still ours."""
        return self.held(rows).update(**{self.until: timezone.now() + self.lease})

    def put_off(self, rows: Sequence[Row], wait: timedelta, **also: Any) -> int:
        """Give claimed rows back, to be tried again after `wait`; how many of them were still ours."""
        if self.not_before is None:
            raise ValueError("These rows have no field that says when to try again.")
        return self.held(rows).update(**{self.until: None, self.not_before: timezone.now() + wait, **also})

    def _free(self, now: datetime) -> Q:
        free = Q(**{self.until: None}) | Q(**{f"{self.until}__lt": now})
        if self.not_before:
            free &= Q(**{self.not_before: None}) | Q(**{f"{self.not_before}__lte": now})
        if self.most_attempts is not None:
            free &= Q(**{f"{self.attempts}__lt": self.most_attempts})
        return free


def pause(attempts: int, pauses: Sequence[timedelta]) -> timedelta:
    """How long to wait after so many attempts that failed; the last of `pauses` counts for all later ones."""
    return pauses[min(attempts, len(pauses)) - 1]
