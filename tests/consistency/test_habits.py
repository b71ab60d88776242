"""Budgets of length, and reasons for every silenced check."""

import ast
import io
import re
import statistics
import tokenize

from tests.consistency.sources import SOURCE, TEMPLATES, TREES, listed, python

# In lines; docs/architecture.md says them too.
LONGEST_MODULE, LONGEST_TEMPLATE, LONG_MODULE, LONGEST_VIEW = 600, 150, 200, 45


def test_every_silenced_check_says_why() -> None:
    silenced = re.compile(r"# *(noqa|type: *ignore|ruff:|mypy:)")
    reason = re.compile(r"(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\]  #)\s+\w+ \w+")
    faults = []
    for name, text in (SOURCE | python("bench", "tests")).items():
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            comment = token.string if token.type == tokenize.COMMENT else ""
            if silenced.search(comment) and not reason.search(comment):
                faults.append(f"{name}:{token.start[0]}: {comment}")
    assert not faults, listed(faults, "Write the reason behind the code")


def test_modules_and_templates_are_short() -> None:
    sizes = {name: text.count("\n") for name, text in SOURCE.items() if text.strip()}
    pages = {name: text.count("\n") for name, text in TEMPLATES.items()}
    everything = sizes | {name: text.count("\n") for name, text in python("tests").items()}
    assert [f"{name}: {size}" for name, size in everything.items() if size > LONGEST_MODULE] == [], (
        f"No module over {LONGEST_MODULE} lines."
    )
    assert [f"{name}: {size}" for name, size in pages.items() if size > LONGEST_TEMPLATE] == [], (
        f"No template over {LONGEST_TEMPLATE} lines."
    )
    long = sorted(name for name, size in sizes.items() if size > LONG_MODULE)
    assert len(long) * 5 <= len(sizes), listed(
        long, f"Four modules in five have {LONG_MODULE} lines or fewer; these are longer"
    )


def test_view_functions_are_short() -> None:
    views = {
        f"{name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, tree in TREES.items()
        if "/views" in name or name == "common/health.py"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "request"
    }
    assert [f"{name}: {size} lines" for name, size in views.items() if size > LONGEST_VIEW] == [], (
        f"No view over {LONGEST_VIEW} lines."
    )
    assert statistics.median(views.values()) <= 18, sorted(views.items(), key=lambda item: -item[1])[:10]


WRITES = re.compile(r"^(save|delete|create|update|get_or_create|update_or_create|bulk_\w+|raw|cursor|atomic)$")


def test_views_write_by_services_alone() -> None:
    """What belongs together is one call in one transaction, and a rule is where every caller meets it."""
    faults = []
    for name, tree in TREES.items():
        if "/views" not in name:
            continue
        services = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] == "services"
            for alias in node.names
        }
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and WRITES.match(call.func.attr):
                on = call.func.value
                if not (isinstance(on, ast.Name) and on.id in services):
                    faults.append(f"{name}:{call.lineno}: {ast.unparse(call)}")
    assert not faults, listed(faults, "Make it a service")


def test_what_students_are_shown_is_defined_once() -> None:
    condition = re.compile(r"module__published|\b[am]\.published\b(?! AS|_)|published=True.*published=True")
    found = [name for name, text in SOURCE.items() if condition.search(text)]
    assert found == ["courses/querysets.py"], listed(found, "Ask courses.querysets for `shown` or SHOWN_SQL")


def test_roles_are_given_rights_in_one_table() -> None:
    """Where a list of roles is needed, `courses.permissions` makes it from the table."""
    faults = []
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Tuple | ast.List | ast.Set) and len(node.elts) > 1:
                said = {ast.unparse(one).strip("'").rpartition("Role.")[2].lower() for one in node.elts}
                if said <= {"student", "teacher", "assistant", "observer"}:
                    faults.append(f"{name}:{node.lineno}: {ast.unparse(node)}")
    assert [fault for fault in faults if not fault.startswith("courses/models/cohort.py")] == [], faults
