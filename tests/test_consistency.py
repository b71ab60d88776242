"""What a reviewer would otherwise have to look for: things that no longer belong together."""

import ast
import importlib
import io
import re
import statistics
import tokenize
import tomllib
import zoneinfo
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType

import allauth
import pytest
from django import forms
from django.apps import apps
from django.core.management import call_command
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.functional import Promise
from django.views import defaults

from common.forms import AccessibleForm
from courses.kinds import KINDS
from progress.outline import State

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
APPS: list[str] = PROJECT["tool"]["importlinter"]["root_packages"]


def read(folder: str, *patterns: str) -> dict[str, str]:
    """Path from the root, and text, of every file under a folder."""
    found = {path for pattern in patterns for path in (ROOT / folder).rglob(pattern) if "__pycache__" not in path.parts}
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in sorted(found)}


def python(*folders: str) -> dict[str, str]:
    found = {name: text for folder in folders for name, text in read(folder, "*.py").items()}
    return {name: text for name, text in found.items() if "/migrations/" not in name}


TEMPLATES = {name.removeprefix("templates/"): text for name, text in read("templates", "*.html", "*.txt").items()}
STYLES = read("static/css", "*.css")
SOURCE = python(*APPS, "tools")
TREES = {name: ast.parse(text) for name, text in SOURCE.items()}
PAGES = {name: (ROOT / name).read_text("utf-8") for name in ["README.md", *read("docs", "*.md")]}
ADRS = {name: text for name, text in PAGES.items() if name.startswith("docs/adr/")}


def listed(faults: list[str], what_to_do: str) -> str:
    return "\n".join([f"{what_to_do}:", *(f"  {fault}" for fault in faults)])


# Templates


def named_in_templates() -> set[str]:
    return {
        name for text in TEMPLATES.values() for name in re.findall(r'{% (?:include|extends|remembered) "([^"]+)"', text)
    }


def named_in_python() -> set[str]:
    # The package reader knows files inside packages, and no template.
    trees = (tree for name, tree in TREES.items() if not name.startswith("courses/packages/"))
    words = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {word for word in words if isinstance(word, str) and re.fullmatch(r"[\w/-]+\.(html|txt)(#\w+)?", word)}


def is_found_by_name(name: str) -> bool:
    """Whether allauth or Django look for it without our naming it."""
    errors = {defaults.ERROR_403_TEMPLATE_NAME, defaults.ERROR_404_TEMPLATE_NAME, defaults.ERROR_500_TEMPLATE_NAME}
    return name in errors or (Path(allauth.__file__).parent / "templates" / name).exists()


def test_every_template_is_used() -> None:
    named = named_in_templates() | {name.partition("#")[0] for name in named_in_python()}
    unused = [name for name in TEMPLATES if name not in named and not is_found_by_name(name)]
    assert not unused, listed(unused, "No view, kind, include or extends names these templates; delete them")


def test_every_named_template_and_partial_exists() -> None:
    missing = []
    for name in sorted(named_in_templates() | named_in_python()):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            missing.append(name)
    assert not missing, listed(missing, "These templates are named and not there")


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    """The content security policy lets none of it run, so it would be dead."""
    forbidden = re.compile(
        r"""<style|\sstyle=|\son[a-z]+\s*=|\shx-on|javascript:|<script(?![^>]*\s(?:src=|type="application/json"))"""
    )
    faults = [f"{name}: {match[0].strip()}" for name, text in TEMPLATES.items() for match in forbidden.finditer(text)]
    assert not faults, listed(faults, "Move to a stylesheet or a module of static/js")


# Styles


def rules_of(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S).strip()


def layer_that_holds_all(text: str) -> str | None:
    opening = re.match(r"@layer (\w+) {", text)
    if opening is None:
        return None
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0 and character == "}":
            return opening[1] if place == len(text) - 1 else None
    return None


def test_every_stylesheet_lies_wholly_inside_its_layer() -> None:
    faults = []
    for name, text in STYLES.items():
        path = Path(name)
        wanted = "components" if path.parent.name == "components" else path.stem
        rules = rules_of(text)
        if path.stem == "tokens":
            order, _, rules = rules.partition("\n\n")
            assert order == "@layer tokens, reset, base, layout, components, utilities;"
        if layer_that_holds_all(rules) != wanted:
            faults.append(f"{name}: all of it belongs inside @layer {wanted} {{ }}")
    assert not faults, listed(faults, "A rule outside its layer beats every rule inside one")


def test_every_stylesheet_is_linked_once_and_tokens_first() -> None:
    linked = re.findall(r"{% static '(css/[^']+)' %}", TEMPLATES["components/styles.html"])
    assert linked[0] == "css/tokens.css", "tokens.css declares the order of the layers and comes first."
    assert sorted(linked) == [name.removeprefix("static/") for name in STYLES], (
        "templates/components/styles.html and static/css/ hold different files."
    )


NAMED_COLOURS = (
    "aqua|beige|black|blue|brown|coral|crimson|cyan|fuchsia|gold|gray|green|grey|indigo|ivory|khaki|lavender|lime|"
    "magenta|maroon|navy|olive|orange|orchid|pink|plum|purple|red|salmon|sienna|silver|snow|tan|teal|thistle|tomato|"
    r"turquoise|violet|wheat|white|yellow|(?:dark|light|medium|pale|deep|hot|dim)(?:\w+)(?:gray|grey|blue|green|red)"
)
COLOUR = re.compile(
    rf"#[0-9a-f]{{3,8}}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|\b(?:{NAMED_COLOURS})\b", re.I
)


def test_colours_are_tokens() -> None:
    faults = []
    for name, text in STYLES.items():
        for declared, value in re.findall(r"(?:^|[{};])\s*([\w-]+)\s*:\s*([^;{}]+)(?=;)", rules_of(text)):
            # A name of a token may have a colour's word in it; what it is called is not what it is.
            if not name.endswith("tokens.css") and COLOUR.search(re.sub(r"var\([^)]*\)", "", value)):
                faults.append(f"{name}: {declared}: {value}")
    painted = re.compile(r'\s(?:fill|stroke|color|bgcolor|stop-color)="(?!none|currentColor|{{)[^"]+"')
    for name, text in TEMPLATES.items():
        faults += [f"templates/{name}:{match[0]}" for match in painted.finditer(text)]
    assert not faults, listed(faults, "Name the colour in static/css/tokens.css and use it with var()")


def test_every_token_is_declared_and_used() -> None:
    everything = "\n".join(map(rules_of, STYLES.values()))
    declared, used = set(re.findall(r"(--[\w-]+)\s*:", everything)), set(re.findall(r"var\((--[\w-]+)", everything))
    assert used == declared, f"Used, not declared: {used - declared}. Declared, not used: {declared - used}."


# Icons


def test_icons_are_those_of_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/img/icons.svg").read_text("utf-8")))
    named = {name for text in TEMPLATES.values() for name in re.findall(r'{% icon "([^"]+)" %}', text)}
    named |= {kind.icon for kind in KINDS.values()} | {state.value for state in State}
    assert named - drawn == set(), "static/img/icons.svg lacks these."
    assert drawn - named == set(), "Nothing uses these icons of static/img/icons.svg; take them out."


def test_an_icon_that_data_names_is_a_kinds_or_a_state() -> None:
    """Anything else would draw nothing on the day a kind is called otherwise than its icon."""
    data = {(name, what) for name, text in TEMPLATES.items() for what in re.findall(r"{% icon ([^\" ][^ ]*) %}", text)}
    faults = [
        f"{name}: {{% icon {what} %}}"
        for name, what in sorted(data)
        if what not in ("kind.icon", "activity.icon", "state")
    ]
    assert not faults, listed(faults, "Take the icon from the kind (`kind.icon`)")


# Words that people read


class Visible(HTMLParser):
    """Collects the text and the attributes that a person reads or hears."""

    ATTRIBUTES = frozenset({"title", "placeholder", "aria-label", "alt", "data-label"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.words += [value or "" for name, value in attrs if name in self.ATTRIBUTES]

    def handle_data(self, data: str) -> None:
        if not self.inside or self.inside[-1] not in ("code", "script"):
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass


UNTRANSLATED = {"Ownpace", "Aisha"}  # names are the same in every language
TRANSLATED = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|{% blocktranslate.*?{% endblocktranslate %}", re.S)


def fallbacks(match: re.Match[str]) -> str:
    """`{{ name|default:"nobody" }}` shows "nobody"."""
    return " ".join(re.findall(r"""\|(?:default|default_if_none|yesno):["']([^"']*)""", match[0]))


def untranslated(name: str, text: str) -> list[str]:
    # In an attribute a fallback is a value, not a word, so it is only looked for between tags.
    text = re.sub(r"(>[^<]*)", lambda part: re.sub(r"{{.*?}}", fallbacks, part[0]), TRANSLATED.sub("", text))
    text = re.sub(r"{%.*?%}|{{.*?}}", "", text)
    if name.endswith(".txt"):
        words = [text]
    else:
        parser = Visible()
        parser.feed(text)
        words = parser.words
    return [word.strip() for word in words if set(re.findall(r"[^\W\d_]+", word)) - UNTRANSLATED]


@pytest.mark.parametrize("name", TEMPLATES)
def test_words_of_templates_are_translatable(name: str) -> None:
    faults = untranslated(name, TEMPLATES[name])
    assert not faults, listed(faults, f"Put into translate or blocktranslate, in templates/{name}")


def test_the_reader_of_templates_sees_bare_words() -> None:
    """Otherwise the test above would pass for a reason that nobody meant."""
    page = '{% if x %}<a title="Go" class="big">Bare {{ x|default:"none" }}</a>{% endif %}{% translate "fine" %}'
    assert untranslated("a.html", page) == ["Go", "Bare none"]
    assert untranslated("a.txt", "{% autoescape off %}Dear {{ name }}{% endautoescape %}") == ["Dear"]


def said_without_gettext(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return bool(re.search(r"[^\W\d_]", text))
        case ast.JoinedStr():
            return True
        case ast.BinOp(left=left):
            return said_without_gettext(left)
        case ast.IfExp(body=body, orelse=other):
            return said_without_gettext(body) or said_without_gettext(other)
        case ast.Call(func=ast.Name(id="str")):
            return True  # an exception's own words
    return False


def sayings(tree: ast.Module) -> Iterator[tuple[int, ast.expr]]:
    """Line and expression of everything that Python says to a person."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="messages")), args=[_, said, *_]):
                yield node.lineno, said
            case ast.Call(func=ast.Attribute(attr="add_error"), args=[_, said, *_]):
                yield node.lineno, said
            case ast.Call(func=ast.Name(id="ValidationError"), args=[said, *_]):
                yield node.lineno, said
            case ast.keyword(arg="label" | "violation_error_message", value=said):
                yield said.lineno, said


def test_what_python_says_is_translatable() -> None:
    faults = [
        f"{name}:{line}: {ast.unparse(said)[:80]}"
        for name, tree in TREES.items()
        for line, said in sayings(tree)
        if said_without_gettext(said)
    ]
    assert not faults, listed(faults, "Put the words into gettext where they are written")


def forms_of_ours() -> Iterator[type[forms.BaseForm]]:
    for app in apps.get_app_configs():
        if app.name in APPS and (Path(app.path) / "forms.py").exists():
            module = importlib.import_module(f"{app.name}.forms")
            for found in vars(module).values():
                if isinstance(found, type) and issubclass(found, AccessibleForm) and found is not AccessibleForm:
                    yield found


def words_of(field: forms.Field) -> Iterator[object]:
    yield field.label if field.label is not None else "no label"
    yield field.help_text
    if isinstance(field, forms.ChoiceField):
        yield from (label for value, label in field.choices if not isinstance(value, zoneinfo.ZoneInfo))


def test_labels_hints_and_choices_of_forms_are_translatable() -> None:
    """Also those a form takes from its model, where a missing name would show the column's."""
    faults = [
        f"{form.__module__}.{form.__name__}.{name}: {words}"
        for form in forms_of_ours()
        for name, field in form.base_fields.items()
        for words in words_of(field)
        if not isinstance(words, Promise) and re.search(r"[^\W\d_]", str(words))
    ]
    assert not faults, listed(faults, "Wrap in gettext_lazy, at the form or at the model's field")


# Database and settings


def test_no_migration_is_missing(db: None) -> None:
    out = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out)
    except SystemExit:
        pytest.fail(f"The models and the migrations differ; run makemigrations.\n{out.getvalue()}")


def read_from_environment(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="env")), args=[ast.Constant(value=str(name)), *_]):
                yield name


def test_operations_lists_every_setting_and_no_other() -> None:
    known = {
        name
        for path, tree in TREES.items()
        if path.startswith("config/settings/")
        for name in read_from_environment(tree)
    }
    described = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", PAGES["docs/operations.md"], re.M))
    assert known - described == set(), "docs/operations.md says nothing of these settings."
    assert described - known == set(), "docs/operations.md describes settings that nothing reads."


def test_only_config_reads_the_environment() -> None:
    faults = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        if not name.startswith(("config/", "tools/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    assert not faults, listed(faults, "Give it a line in config/settings/base.py and read django.conf.settings")


# Documents


def test_decisions_are_numbered_and_formed_alike() -> None:
    names = [Path(name).name for name in ADRS]
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)], names
    for name, text in ADRS.items():
        assert text.startswith(f"# {Path(name).name[:4]}. "), f"{name}: its heading has another number."
        parts = re.findall(r"^## (\w+)", text, re.M)
        assert parts == ["Context", "Decision", "Consequences"], f"{name} has the parts {parts}."


def test_every_direct_dependency_is_argued_for() -> None:
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    direct = {re.split(r"[\[<>=~]", line)[0].lower() for line in wanted}
    reasons = dict(re.findall(r"^- `([^`]+)`: (.+)$", ADRS["docs/adr/0002-dependencies.md"], re.M))
    assert {name.lower() for name in reasons} == direct
    assert [name for name, reason in reasons.items() if len(reason) < 30] == []
    assert len(PROJECT["project"]["dependencies"]) <= 25


@pytest.mark.parametrize("name", PAGES)
def test_links_of_documents_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", PAGES[name])
    faults = [link for link in targets if "://" not in link and not ((ROOT / name).parent / link).exists()]
    assert not faults, listed(faults, f"{name} links to what is not there")


@pytest.mark.parametrize("name", PAGES)
def test_paths_and_names_in_documents_are_real(name: str) -> None:
    """What stands between backquotes and looks like a path or a Python name of ours."""
    quoted = set(re.findall(r"`([^`\s]+)`", PAGES[name]))
    paths = {
        word for word in quoted if re.fullmatch(r"[\w.-]+(/[\w.-]+)*(/|\.(py|html|css|js|svg|md|toml|conf))", word)
    }
    names = {word for word in quoted if re.fullmatch(rf"({'|'.join(APPS)})(\.\w+)+(\(\))?", word)} - paths
    faults = [word for word in paths if not (ROOT / word).exists() and word.split("/")[0] != "var"]
    faults += [word for word in names if not resolves(word.removesuffix("()"))]
    assert not faults, listed(sorted(faults), f"{name} speaks of what is not there")


def resolves(dotted: str) -> bool:
    parts = dotted.split(".")
    found: ModuleType | object = importlib.import_module(parts[0])
    for place, part in enumerate(parts[1:], start=2):
        if not hasattr(found, part):
            try:
                importlib.import_module(".".join(parts[:place]))
            except ImportError:
                return False
        found = getattr(found, part)
    return True


# Budgets and habits


def test_every_silenced_check_says_why() -> None:
    reason = re.compile(r"(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\]  #)\s+\w+ \w+")
    faults = []
    for name, text in (SOURCE | python("tests")).items():
        lines = text.splitlines()
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and re.search(r"# *(noqa|type: *ignore|ruff:|mypy:)", token.string):
                above = lines[token.start[0] - 2].strip()
                if not reason.search(token.string) and not above.startswith("#"):
                    faults.append(f"{name}:{token.start[0]}: {token.string}")
    assert not faults, listed(faults, "Write the reason behind the code, or on the line above")


def test_modules_and_templates_are_short() -> None:
    sizes = {name: text.count("\n") for name, text in SOURCE.items() if text.strip()}
    pages = {name: text.count("\n") for name, text in TEMPLATES.items()}
    everything = sizes | {name: text.count("\n") for name, text in python("tests").items()}
    assert [f"{name}: {size}" for name, size in everything.items() if size > 600] == [], "No module over 600 lines."
    assert [f"{name}: {size}" for name, size in pages.items() if size > 150] == [], "No template over 150 lines."
    long = sorted(name for name, size in sizes.items() if size > 200)
    assert len(long) * 5 <= len(sizes), listed(long, "Four modules in five have 200 lines or fewer; these are longer")


def test_view_functions_are_short() -> None:
    views = {
        f"{name}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, tree in TREES.items()
        if "/views" in name or name == "common/health.py"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg == "request"
    }
    assert [f"{name}: {size} lines" for name, size in views.items() if size > 45] == [], "No view over 45 lines."
    assert statistics.median(views.values()) <= 18, sorted(views.items(), key=lambda item: -item[1])[:10]
