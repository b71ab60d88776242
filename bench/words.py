"""Plausible text without an author: the same for the same seed."""

import random
from collections.abc import Sequence

NOUNS = """
learner lesson week hour memory page question answer teacher example habit morning evening table number letter
river forest cell leaf market price village city song rhythm engine wheel circuit signal planet orbit glacier
soil bridge border treaty harvest kitchen recipe garden instrument sample angle surface volume pattern symbol
sentence verb paragraph argument source witness map coast current storm season climate muscle heart nerve
sleep budget wage contract court vote council school library notebook pencil screen window door street family
neighbour
"""
VERBS = """
explains follows changes measures compares shows begins finishes carries lifts answers supports describes
repeats connects separates remembers forgets builds crosses keeps loses counts divides gathers moves reads
writes
"""
ADJECTIVES = """
small early quiet careful common useful early warm cold heavy light steady sudden simple older younger central
northern hidden open regular honest precise gentle rough bright narrow deep shallow recent ancient local
public
"""
LINKS = ["because", "while", "although", "when", "before", "after", "unless", "as long as", "even if", "but"]
PLACES = """
in under near beside behind across along against inside beyond
"""


class Author:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def title(self) -> str:
        noun, other = self._pick(NOUNS.split()), self._pick(NOUNS.split())
        return f"{self._pick(ADJECTIVES.split()).capitalize()} {noun} and the {other}"

    def reading(self, words: int = 600) -> str:
        """Markdown of about `words` words, in sections as a teacher would write them."""
        parts: list[str] = []
        count = 0
        while count < words:
            part = self._block(len(parts))
            parts.append(part)
            count += len(part.split())
        return "\n\n".join(parts)

    def line(self) -> str:
        """About what is said in four seconds."""
        return self._clause()

    def _block(self, number: int) -> str:
        if number % 4 == 0:
            return f"## {self.title()}"
        if number % 7 == 3:
            return "\n".join(f"- {self._sentence()}" for _ in range(self.chance.randint(3, 5)))
        return " ".join(self._sentence() for _ in range(self.chance.randint(4, 7)))

    def _sentence(self) -> str:
        first = self._clause()
        whole = f"{first}, {self._pick(LINKS)} {self._clause()}" if self.chance.random() < 0.5 else first
        return f"{whole[0].upper()}{whole[1:]}."

    def _clause(self) -> str:
        ending = f" {self._pick(PLACES.split())} the {self._pick(NOUNS.split())}" if self.chance.random() < 0.5 else ""
        thing, other = (f"{self._pick(ADJECTIVES.split())} {self._pick(NOUNS.split())}" for _ in range(2))
        return f"the {thing} {self._pick(VERBS.split())} a {other}{ending}"

    def _pick(self, words: Sequence[str]) -> str:
        """The first words of a list are the common ones, as in any language."""
        return words[int(len(words) * self.chance.random() ** 1.6)]
