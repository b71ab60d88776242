"""Constants of ours that stand in a statement itself."""

from django.db.models import Value
from django.db.models.sql.compiler import SQLCompiler


class Literal(Value):
    """A word that a partial index is made for, such as a state.

    Plans are generic (docs/adr/0011): Postgres takes such an index only by what the statement says, and never by the
    value of a parameter, whatever that is.
    """

    def __init__(self, word: str) -> None:
        if not word.isidentifier():
            raise ValueError(f"{word!r} is no plain word.")
        super().__init__(str(word))

    def as_sql(self, compiler: SQLCompiler, connection: object) -> tuple[str, list[object]]:
        return f"'{self.value}'", []
