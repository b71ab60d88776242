"""Model instances out of hand-written SELECTs, for the few statements that nearly every page waits for.

The ORM builds a statement anew each time; for a join of five tables that takes longer than Postgres needs to answer.
"""

from collections.abc import Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState


class Select:
    """A statement whose rows are model instances: one for each alias of `tables`, in that order, with all its columns.

    A row that an outer join did not find is None; values of `also` follow the instances. `rest` is the statement from
    FROM on. All of it is written by us; what people typed only ever comes in `values`. Fields named in `without` are
    left out of every table, and of an alias named in `only` all but those; they are loaded when somebody asks for one.
    Of an alias in `shared` the same row comes many times, such as the one cohort of fifty students: it is made once.
    """

    def __init__(
        self,
        tables: dict[str, type[models.Model]],
        rest: str,
        also: tuple[str, ...] = (),
        without: frozenset[str] = frozenset(),
        only: Mapping[str, frozenset[str]] | None = None,
        shared: frozenset[str] = frozenset(),
    ) -> None:
        only = only or {}
        self._tables = [
            _Table(model, alias, without, only.get(alias), is_shared=alias in shared) for alias, model in tables.items()
        ]
        columns = ", ".join([*(table.sql for table in self._tables), *also])
        self.sql = f"SELECT {columns} {rest}"

    def all(self, **values: Any) -> list[tuple[Any, ...]]:
        return self._read(self.sql, values)

    def among(self, keys: str, **values: Any) -> list[tuple[Any, ...]]:
        """All whose keys a statement of ours names, which takes the place of `{keys}` in `rest`."""
        return self._read(self.sql.replace("{keys}", keys), values)

    def part(self, part: slice, **values: Any) -> list[tuple[Any, ...]]:
        """Those rows alone."""
        return self._read(limited(self.sql, part), values)

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, values)
            row = cursor.fetchone()
        return self._instances(row, {}) if row else None

    def _read(self, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            made: _Made = {}
            return [self._instances(row, made) for row in cursor.fetchall()]

    def _instances(self, row: tuple[Any, ...], made: "_Made") -> tuple[Any, ...]:
        found, start = [], 0
        for table in self._tables:
            end = start + len(table.names)
            if not table.is_shared:
                one = table.instance(row[start:end])
            elif (key := (table, row[start + table.key])) in made:
                one = made[key]
            else:
                one = made[key] = table.instance(row[start:end])
            found.append(one)
            start = end
        return (*found, *row[start:])


def limited(sql: str, part: slice) -> str:
    """A statement for those rows alone. Which ones stands in it: for a number that it does not see when it plans,
    Postgres makes ready for a tenth of all."""
    start = part.start or 0
    return f"{sql} LIMIT {part.stop - start:d} OFFSET {start:d}"


def joined(row: models.Model, **related: models.Model | None) -> None:
    """Put what was read along with a row where its keys point, as an assignment does that looks at neither."""
    row._state.fields_cache.update(related)


class _Table:
    def __init__(
        self,
        model: type[models.Model],
        alias: str,
        without: frozenset[str],
        only: frozenset[str] | None,
        *,
        is_shared: bool,
    ) -> None:
        wanted = [field for field in model._meta.concrete_fields if field.name not in without]
        fields = [field for field in wanted if only is None or field.primary_key or field.name in only]
        self.model, self.is_shared = model, is_shared
        self.names = [field.attname for field in fields]
        self.key = self.names.index(model._meta.pk.attname)
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in fields)
        self._converted = [
            (field.attname, field.from_db_value, field.get_col(alias))
            for field in fields
            if hasattr(field, "from_db_value")
        ]

    def instance(self, columns: tuple[Any, ...]) -> models.Model | None:
        """As `Model.from_db` makes it, which sets one attribute after the other and takes ten times as long."""
        if columns[self.key] is None:
            return None
        made = self.model.__new__(self.model)
        made._state = ModelState()
        made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
        values = made.__dict__
        values.update(zip(self.names, columns, strict=True))
        for name, convert, expression in self._converted:
            values[name] = convert(values[name], expression, connection)
        return made


_Made = dict[tuple[_Table, Any], models.Model | None]
