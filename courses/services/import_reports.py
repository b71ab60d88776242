"""The report of a run in rows: every line, and what its pages show of them together, reckoned once."""

from collections import Counter, defaultdict
from typing import Any

from django.db import transaction

from courses.models import CourseImport, ReportFault, ReportFold, ReportLine

Result = ReportLine.Result
TITLES = 3
ROWS_AT_ONCE = 2_000


@transaction.atomic
def keep(run: CourseImport, lines: list[dict[str, Any]], faults: list[dict[str, Any]]) -> None:
    """In the place of any report that the run has: two workers may come to the end of it, of whom one was slow."""
    rows = [_row(run, place, line) for place, line in enumerate(lines, 1)]
    folds = _folds(run, rows)
    run.counts = _counts(rows)
    # First, so that the second worker waits here for the first.
    run.save(update_fields=["counts"])
    _replace(run, ReportLine, rows)
    _replace(run, ReportFold, folds)
    _replace(run, ReportFault, _faults(run, faults))


@transaction.atomic
def keep_one_of_before() -> int:
    """What a worker of the release before wrote into its run alone, after migrating; goes with `CourseImport.lines`."""
    waiting = CourseImport.objects.filter(state=CourseImport.State.DONE, counts__isnull=True)
    run = waiting.select_for_update(skip_locked=True).order_by("pk").first()
    if run is None:
        return 0
    keep(run, run.lines, run.faults)
    return 1


def _replace(run: CourseImport, model: type[Any], rows: list[Any]) -> None:
    model.objects.filter(run=run).delete()
    model.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)


def _row(run: CourseImport, place: int, line: dict[str, Any]) -> ReportLine:
    # Reports of long ago lack some of it.
    told = {name: line.get(name) or "" for name in ("outcome", "kind", "identifier", "title", "reason")}
    # A worker of the release before does not say which remarks are settled.
    is_settled = line.get("settled", not told["reason"])
    return ReportLine(run=run, place=place, result=_result(told["outcome"], is_settled=is_settled), **told)


def _result(outcome: str, *, is_settled: bool) -> Result:
    match outcome:
        case "left out":
            return Result.LEFT_OUT
        case "kept":
            return Result.KEPT
        case "imported":
            return Result.IMPORTED if is_settled else Result.REMARKED
        case _:
            return Result.UNCHANGED


def _folds(run: CourseImport, rows: list[ReportLine]) -> list[ReportFold]:
    """By result, the largest first; tells each line its own."""
    alike: dict[tuple[Result, bool, str], list[ReportLine]] = defaultdict(list)
    for row in rows:
        inside = row.result == Result.KEPT and row.kind == "file"
        alike[Result(row.result), inside, "" if inside else row.reason].append(row)
    rank = {result: number for number, result in enumerate(Result)}
    in_order = sorted(alike.items(), key=lambda one: (rank[one[0][0]], -len(one[1]), one[1][0].place))
    folds = []
    for place, ((result, inside, _), same) in enumerate(in_order, 1):
        for row in same:
            row.fold = place
        # A single file names the thing that it is kept with.
        inside = inside and len(same) > 1
        folds.append(
            ReportFold(
                run=run,
                place=place,
                result=result,
                reason="" if inside else same[0].reason,
                inside=inside,
                count=len(same),
                titles=[row.title or row.identifier for row in same[:TITLES]],
                first=same[0].place,
            )
        )
    return folds


def _faults(run: CourseImport, faults: list[dict[str, Any]]) -> list[ReportFault]:
    """The most frequent first."""
    where: dict[str, list[str]] = defaultdict(list)
    for fault in faults:
        where[fault["message"]].append(fault["where"])
    in_order = sorted(where.items(), key=lambda one: -len(one[1]))
    return [
        ReportFault(run=run, place=place, message=message, count=len(found), where=found)
        for place, (message, found) in enumerate(in_order, 1)
    ]


def _counts(rows: list[ReportLine]) -> dict[str, Any]:
    kept = Counter(row.kind for row in rows if row.result == Result.KEPT)
    return {"results": Counter(str(row.result) for row in rows), "kept": kept.most_common()}
