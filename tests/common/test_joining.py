"""A stylesheet or a module, collected with all that it imports."""

import json
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from common.joining import Unjoinable, joined_module, joined_style

STATIC = settings.BASE_DIR / "static"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collected")
    collect(folder, STATIC)
    return folder


def collect(folder: Path, source: Path) -> None:
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "common.storage.StaticStorage"}}
    with override_settings(STATIC_ROOT=folder, STATICFILES_DIRS=[source], STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)


def named(folder: Path, name: str) -> Path:
    """The file that pages ask for: its name holds a hash of what is in it."""
    return folder / json.loads((folder / "staticfiles.json").read_text())["paths"][name]


def test_the_site_has_one_stylesheet_with_every_rule_in_the_written_order(collected: Path) -> None:
    order = re.findall(r'^@import "([^"]+)";$', (STATIC / "css/site.css").read_text(), re.M)
    text = named(collected, "css/site.css").read_text()
    assert "@import" not in text
    sources = {name: (STATIC / "css" / name).read_text() for name in order}
    places = [text.index(joined_style(name, sources)) for name in order]
    assert places == sorted(places)


@pytest.mark.parametrize("name", ["js/lesson.js", "js/lecture.js", "js/transcript.js"])
def test_no_script_of_a_page_fetches_another(name: str, collected: Path) -> None:
    assert not re.search(r"^import\b|\bimport\(", named(collected, name).read_text(), re.M)


def test_a_module_that_two_import_is_there_once(collected: Path) -> None:
    assert named(collected, "js/lecture.js").read_text().count("class Reports ") == 1


def test_a_changed_part_gives_the_whole_another_name(tmp_path: Path) -> None:
    source, folder = tmp_path / "source", tmp_path / "collected"
    shutil.copytree(STATIC, source)
    collect(folder, source)
    before = named(folder, "css/site.css"), named(folder, "js/lecture.js")
    for name, line in (("css/utilities.css", ".changed {}"), ("js/reports.js", "let changed;")):
        (source / name).write_text(f"{(source / name).read_text()}{line}\n")
    collect(folder, source)
    collect(folder, source)
    after = named(folder, "css/site.css"), named(folder, "js/lecture.js")
    assert not set(before) & set(after)
    assert all(path.is_file() for path in after)


def test_a_stylesheet_is_pasted_where_it_is_imported() -> None:
    sources = {"css/site.css": '@import "a/b.css";\n@import "c.css";\n', "css/a/b.css": "b {}\n", "css/c.css": "c {}\n"}
    assert joined_style("css/site.css", sources) == "b {}\nc {}\n"


def test_comments_on_lines_of_their_own_stay_in_the_sources() -> None:
    style = "/* Of\n * two lines. */\na {\n  /* One. */\n  color: red; /* beside */\n}\n"
    assert joined_style("a.css", {"a.css": style}) == "a {\n  color: red; /* beside */\n}\n"
    script = '// One.\nconst a = "// none"; // beside\n  // Two.\nconst b = `${a}//`;\n'
    assert joined_module("a.js", {"a.js": script}) == 'const a = "// none"; // beside\nconst b = `${a}//`;\n'


def test_every_form_of_import_and_export_that_we_use_is_carried_over() -> None:
    sources = {
        "js/all.js": 'import "./in/a.js";\nimport { b as bee } from "./b.js";\nimport * as c from "./c.js";\nbee(c);\n',
        "js/in/a.js": 'import { b } from "../b.js";\nconst later = () => import("../c.js");\n',
        "js/b.js": "export const b = 1;\nexport class B {}\nexport async function d() {}\n",
        "js/c.js": "const own = 1;\n",
    }
    text = joined_module("js/all.js", sources)
    assert text.count("const b = 1;\n") == 1
    assert "return { b, B, d };" in text
    assert "const { b: bee } = $js_b_js();" in text
    assert "const c = $js_c_js();" in text
    assert "const later = () => Promise.resolve().then($js_c_js);" in text
    assert text.index("const $js_b_js") < text.index("const $js_in_a_js") < text.index("const $js_all_js")
    assert text.endswith("$js_all_js();\n")


def test_what_others_may_import_is_still_exported() -> None:
    sources = {"js/a.js": 'import "./b.js";\nexport const a = 1;\n', "js/b.js": "1;\n"}
    assert joined_module("js/a.js", sources).endswith("export const { a } = $js_a_js();\n")


@pytest.mark.parametrize(
    "line",
    [
        'import b from "./b.js";',
        "import './b.js';",
        'import "b";',
        "export default 1;",
        "export let b = 1;",
        'export * from "./b.js";',
        'const b = await import("./" + "b.js");',
        "await 1;",
        "const b = `\n// no comment`;",
        'import "./missing.js";',
        'import "./a.js";',
    ],
)
def test_a_module_that_cannot_be_joined_is_refused(line: str) -> None:
    with pytest.raises(Unjoinable, match=r"js/"):
        joined_module("js/a.js", {"js/a.js": f'import "./b.js";\n{line}\n', "js/b.js": "1;\n"})


@pytest.mark.parametrize("line", ['@import url("b.css");', '@import "b.css" print;', '@import "missing.css";'])
def test_a_stylesheet_that_cannot_be_joined_is_refused(line: str) -> None:
    with pytest.raises(Unjoinable):
        joined_style("css/a.css", {"css/a.css": f"{line}\n", "css/b.css": "b {}\n"})


def test_a_part_with_an_address_of_its_own_is_refused() -> None:
    with pytest.raises(Unjoinable, match=r"css/in/b\.css"):
        joined_style("css/a.css", {"css/a.css": '@import "in/b.css";\n', "css/in/b.css": "b { src: url(c.png) }\n"})
