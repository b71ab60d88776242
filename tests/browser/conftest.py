"""A real Chromium before a real server, and a watch on what either of them complains of."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.rich import Rich, build
from tests.browser.steps import signed_in
from tests.browser.watch import Watch

# Drawn by the browser for itself: each window would start a process for the list below an address bar that nobody
# sees, which takes more of a computer than our pages do. The rest is what Playwright turns off; the last list wins.
OFF = [
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "OptimizationHints",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
]
ARGUMENTS = [
    f"--disable-features={','.join(OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A recording plays without a click; where the click itself is the point, a test clicks.
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
    # Whatever a page asks of another host fails here, besides being told by the watch.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
DEVICE = {"locale": "en-GB", "timezone_id": "Europe/Berlin", "viewport": {"width": 1280, "height": 900}}
PATIENCE_MS = 15_000

OpenBrowser = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """pytest-django's, with static files that are collected, joined and kept by browsers, as on a server."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "common.storage.StaticStorage"}}
    kept = {"WHITENOISE_USE_FINDERS": False, "WHITENOISE_AUTOREFRESH": False, "WHITENOISE_MAX_AGE": 3600}
    with override_settings(STATIC_ROOT=tmp_path_factory.mktemp("static"), STORAGES=storages, **kept):
        call_command("collectstatic", interactive=False, verbosity=0)
        server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="package")
def open_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The tables stay as they are from test to test, and are emptied once, when no page is left that could report.

    Emptying them after each test would take a lock on every table under the hands of the server's threads.
    """
    assert connection.settings_dict["NAME"].startswith("test_"), "no test database was made"
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        # Every connection of a browser is a thread of the server; each with a connection to Postgres is too many.
        patch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
        yield
        _answers_are_given()
        # Numbers go on: the cast brings its own, which must not be given out again.
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


def _answers_are_given() -> None:
    """The threads of the live server end once nobody is connected any more, and with them their work on the tables."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(PATIENCE_MS / 1000)


@pytest.fixture(scope="package")
def world(open_database: None) -> Rich:
    """As long as the tables stay: somebody of its names is in them once."""
    return build()


@pytest.fixture
def transactional_db(open_database: None) -> None:
    """In the place of pytest-django's, which `live_server` asks for: every test makes people of its own instead."""


@pytest.fixture(scope="package")
def browser(open_database: None) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's synchronous interface keeps an event loop in this thread, in which Django would refuse to
        # touch the database. Nothing here is awaited, so no other coroutine can come between.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        yield launched
        launched.close()
        # Beside a running loop Django keeps a connection of its own, which nobody else would close.
        connections.close_all()


def _chromium() -> str:
    if found := os.environ.get("CHROMIUM") or shutil.which("chromium"):
        return found
    tool = settings.BASE_DIR / "tools" / "ensure_browser.py"
    done = subprocess.run([sys.executable, tool], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def new_context(browser: Browser, home: str, watch: Watch, user: User | None, options: dict) -> BrowserContext:
    context = browser.new_context(base_url=home, **{**DEVICE, **options})
    context.set_default_timeout(PATIENCE_MS)
    watch.over(context)
    if user is not None:
        signed_in(context, user, home)
    return context


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    watching = Watch(live_server.url)
    yield watching
    watching.assert_quiet()


@pytest.fixture
def open_browser(browser: Browser, live_server: LiveServer, watch: Watch) -> Iterator[OpenBrowser]:
    """A browser of one person's own: `open_browser(user, color_scheme="dark", java_script_enabled=False, …)`."""
    opened: list[BrowserContext] = []

    def open_one(user: User | None = None, **options: object) -> BrowserContext:
        opened.append(new_context(browser, live_server.url, watch, user, options))
        return opened[-1]

    # Passkeys belong to the name that the site goes by.
    with override_settings(PUBLIC_ORIGIN=live_server.url):
        yield open_one
    for context in opened:
        context.close()
