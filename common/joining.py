"""One file of a stylesheet or a module and all that it imports, so that a first visit does not fetch them in waves.

Sources stay valid CSS and JavaScript: browsers follow the same imports where nothing was collected. No parser of
either language is here, so the few forms of import and export that our files use are known, and any other is refused.
Comments on lines of their own are for whoever reads the sources: a quarter of all scripts, which nobody waits for.
"""

import posixpath
import re
from collections.abc import Mapping

STYLE_IMPORT = re.compile(r'^@import "([^"]+)";\n', re.M)
IMPORT = re.compile(r'^import (?:(?:\* as (\w+)|(\{[^}]*\})) from )?"(\.{1,2}/[^"]+)";$', re.M)
LATER = re.compile(r'\bimport\("(\.{1,2}/[^"]+)"\)')
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|class|function\*?) (\w+))", re.M)
UNKNOWN = re.compile(r"^(?:import|export|await)\b.*|\bimport\(.*|@import.*", re.M)
STYLE_COMMENT = re.compile(r"^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n", re.M)
SCRIPT_COMMENT = re.compile(r"^[ \t]*//.*\n", re.M)
# A text over several lines, in which such a line would be no comment.
LONG_TEXT = re.compile(r"^[^`\n]*(?:`[^`\n]*`[^`\n]*)*`[^`\n]*$", re.M)
# A module runs when it is first asked for, and only then, as if the browser had fetched it.
ONCE = "const once = (make, made) => () => (made ??= make());\n"


class Unjoinable(Exception):
    """A file imports or exports in a way that is not known here; the text says which."""


def joined_style(name: str, sources: Mapping[str, str]) -> str:
    """The stylesheet with each `@import` replaced by what it names, in order."""

    def pasted(found: re.Match[str]) -> str:
        text = joined_style(path := _path(name, found[1]), sources)
        if "url(" in text:
            raise Unjoinable(f"{path}: an address in it would lead elsewhere from {name}.")
        return text

    return _known(name, STYLE_IMPORT.sub(pasted, STYLE_COMMENT.sub("", _source(name, sources))))


def joined_module(name: str, sources: Mapping[str, str]) -> str:
    """The module with all that it imports, at once or later, each kept to its own scope and run once."""
    if not _imports(source := _script(name, sources)):
        return source
    parts: dict[str, str] = {}
    _add(name, sources, parts, ())
    names = EXPORT.findall(sources[name])
    last = f"export const {{ {', '.join(names)} }} = {_called(name)}();\n" if names else f"{_called(name)}();\n"
    return ONCE + "".join(parts.values()) + last


def _add(name: str, sources: Mapping[str, str], parts: dict[str, str], above: tuple[str, ...]) -> None:
    """Put what the module imports before it."""
    if name in above:
        raise Unjoinable(f"{name} imports itself by way of {', '.join(above)}.")
    if name in parts:
        return
    source = _script(name, sources)
    for imported in _imports(source):
        _add(_path(name, imported), sources, parts, (*above, name))
    text = IMPORT.sub(lambda found: _taken(_path(name, found[3]), found[1] or found[2]), source)
    text = LATER.sub(lambda found: f"Promise.resolve().then({_called(_path(name, found[1]))})", text)
    exported = EXPORT.findall(text)
    body = _known(name, EXPORT.sub("", text)).rstrip("\n")
    parts[name] = f"const {_called(name)} = once(() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}});\n"


def _imports(source: str) -> list[str]:
    return [found[2] for found in IMPORT.findall(source)] + LATER.findall(source)


def _taken(path: str, names: str) -> str:
    call = f"{_called(path)}();"
    return f"const {names.replace(' as ', ': ')} = {call}" if names else call


def _called(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path)


def _path(name: str, imported: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))


def _source(name: str, sources: Mapping[str, str]) -> str:
    try:
        return sources[name]
    except KeyError:
        raise Unjoinable(f"{name} is imported and is not there.") from None


def _script(name: str, sources: Mapping[str, str]) -> str:
    text = SCRIPT_COMMENT.sub("", _source(name, sources))
    if found := LONG_TEXT.search(text):
        raise Unjoinable(f"{name}: “{found[0]}” begins or ends a text over several lines.")
    return text


def _known(name: str, text: str) -> str:
    if found := UNKNOWN.search(text):
        raise Unjoinable(f"{name}: cannot join “{found[0]}”.")
    return text
