"""A file that somebody uploaded, asked for as code by a page of ours whose policy was got round."""

import io

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from courses.services.course_files import add_file
from tests.browser.conftest import OpenBrowser
from tests.browser.rich import Rich
from tests.browser.watch import Watch

CODE = b"globalThis.ran = true; self.postMessage && self.document === undefined && self.postMessage('ran');"
STYLE = b":root { --ran: yes; }"
DRAWING = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>window.name = 'ran'</script></svg>"
NAMES = ["code.js", "code.mjs", "code.JS.", "code.txt", "code.css", "code.png", "code.json", "code.pdf"]
OUTCOME = """async (address) => {
  const element = (name, values) => new Promise((done) => {
    const made = Object.assign(document.createElement(name), values);
    made.onload = () => done("loaded");
    made.onerror = () => done("refused");
    document.head.append(made);
  });
  const worker = (make) => new Promise((done) => {
    try {
      const made = make();
      made.onmessage = () => done("ran");
      made.onerror = () => done("refused");
    } catch (error) {
      done("refused");
    }
  });
  const registered = navigator.serviceWorker.register(address).then(() => "ran", () => "refused");
  return {
    script: await element("script", { src: address }),
    module: await element("script", { src: address, type: "module" }),
    style: await element("link", { href: address, rel: "stylesheet" }),
    worker: await worker(() => new Worker(address)),
    "module worker": await worker(() => new Worker(address, { type: "module" })),
    import: await import(address).then(() => "ran", () => "refused"),
    "service worker": await registered,
    seen: String(globalThis.ran) + getComputedStyle(document.documentElement).getPropertyValue("--ran"),
  };
}"""


@pytest.fixture
def page(open_browser: OpenBrowser, live_server: LiveServer, watch: Watch, world: Rich) -> Page:
    # The policy of our pages would refuse some of it as well; here the bytes have to defend themselves.
    opened = open_browser(world.editor, bypass_csp=True).new_page()
    watch.expect("")
    opened.goto("/me/")
    return opened


@pytest.mark.parametrize("name", NAMES)
def test_upload_runs_neither_as_script_nor_style_nor_worker(name: str, page: Page, world: Rich) -> None:
    found = add_file(world.course, io.BytesIO(STYLE if name == "code.css" else CODE), f"run/{name}")
    outcome = page.evaluate(OUTCOME, f"/files/{found.pk}/{name}")
    assert outcome.pop("seen") == "undefined"
    assert set(outcome.values()) == {"refused"}, outcome


def test_drawing_is_seen_in_a_page_and_does_not_open_by_itself(page: Page, world: Rich) -> None:
    found = add_file(world.course, io.BytesIO(DRAWING), "run/drawing.svg")
    address = f"/files/{found.pk}/drawing.svg"
    shown = """(address) => new Promise((done) => {
      const image = Object.assign(new Image(), { src: address, onerror: () => done(0) });
      image.onload = () => done(image.naturalWidth);
    })"""
    assert page.evaluate(shown, address) == 9
    with page.expect_download() as download:
        page.evaluate("(address) => { window.open(address, '_self') }", address)
    assert download.value.suggested_filename == "drawing.svg"
    assert page.evaluate("window.name") == ""
