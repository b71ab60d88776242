"""``python -m bench [--markdown]``: measure, print one table, and end with 1 when something is over its budget."""

import argparse
import os
import sys
import textwrap

import django

import bench.environment  # noqa: F401  before the settings


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("--markdown", action="store_true", help="print the table for the documentation")
    markdown = options.parse_args().markdown
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        sys.exit("DATABASE_URL and REDIS_URL are not set: `make bench` starts both.")
    django.setup()
    from bench import measure, report, run  # noqa: PLC0415  they import models, which need the settings

    rows, figures = run.measured()
    print(f"\n{report.table(rows, markdown=markdown)}\n")
    for words in [report.footnotes(measure.ROUNDS, measure.CONNECTIONS), *(one.words for one in figures)]:
        print(f"{words if markdown else textwrap.fill(words, 110)}\n")
    for one in (over := [one for one in [*rows, *figures] if one.over]):
        print(f"OVER: {one.name}: {', '.join(one.over)}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
