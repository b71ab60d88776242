"""What a first visit waits for on a slow phone: DevTools' "Slow 4G" with a CPU four times slower, nothing cached.

Chromium itself measures. Two requests have to follow each other before anything is painted, the page and its one
stylesheet; at 562.5 ms each that is 1.125 s, and what is left of 1.4 s is for bytes and for the CPU.
"""

import os
import statistics
from dataclasses import dataclass
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.client import Client
from bench.pages import Page

LATENCY_MS, BYTES_PER_SECOND, CPU = 562.5, 180_000, 4
ROUNDS = 5
PAGES = ("Today", "course, 65", "lesson", "lecture")
MOST_PAINT, MOST_SHIFT = 1.4, 0.02
MOST_REQUESTS, MOST_OF_A_LECTURE = 8, 12
# How long a page may go on to move after it was loaded.
SETTLED_MS = 1_500
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 900}
WATCH = """
  window.benchShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.benchShift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""
TOLD = """() => [performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000, window.benchShift]"""


@dataclass(frozen=True)
class Painted:
    """Seconds to the first paint (median), the most that moved, requests, and bytes with headers and a recording's."""

    page: str
    seconds: float
    shift: float
    requests: int
    bytes: int

    @property
    def over(self) -> list[str]:
        most = MOST_OF_A_LECTURE if self.page == "lecture" else MOST_REQUESTS
        found = [f"{self.page}: first paint after {self.seconds:.2f} s"] if self.seconds > MOST_PAINT else []
        found += [f"{self.page}: layout shift {self.shift:.3f}"] if self.shift > MOST_SHIFT else []
        return found + ([f"{self.page}: {self.requests} requests of {most}"] if self.requests > most else [])

    @property
    def words(self) -> str:
        return (
            f"{self.page} {self.seconds:.2f} s, {self.requests} requests, {self.bytes / 1000:.1f} KB, "
            f"shift {self.shift:.3f}"
        )


@dataclass(frozen=True)
class Figures:
    pages: list[Painted]
    name: str = "first paint"

    @property
    def words(self) -> str:
        return (
            f"First paint on Slow 4G ({LATENCY_MS} ms, 1.44 Mbit/s) with a CPU {CPU} times slower, nothing cached, "
            f"HTTP/1.1, median of {ROUNDS}; at most {MOST_PAINT} s, a layout shift of {MOST_SHIFT}, {MOST_REQUESTS} "
            f"requests, {MOST_OF_A_LECTURE} for a lecture: {'; '.join(one.words for one in self.pages)}."
        )

    @property
    def over(self) -> list[str]:
        return [words for one in self.pages for words in one.over]


def measured(clients: dict[str, Client], pages: list[Page]) -> Figures:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"])
        try:
            return Figures([_painted(browser, clients[page.person], page) for page in pages])
        finally:
            browser.close()


def _painted(browser: Browser, client: Client, page: Page) -> Painted:
    visits = [_visit(browser, client, page.path, PHONE) for _ in range(ROUNDS)]
    visits.append(_visit(browser, client, page.path, DESK))
    seconds = statistics.median(visit[0] for visit in visits[:-1])
    shift, requests, size = (max(visit[n] for visit in visits) for n in (1, 2, 3))
    return Painted(page.name, seconds, shift, int(requests), int(size))


def _visit(browser: Browser, client: Client, path: str, viewport: dict) -> tuple[float, float, int, float]:
    home = f"http://127.0.0.1:{client.port}"
    # Not where the measured student lives: the page offers the device's own zone, which must not move it.
    context = browser.new_context(viewport=viewport, timezone_id="Asia/Tokyo", locale="en-GB")
    context.add_cookies([{"name": name, "value": value, "url": home} for name, value in client.cookies.items()])
    try:
        return _load(context, home + path)
    finally:
        context.close()


def _load(context: BrowserContext, address: str) -> tuple[float, float, int, float]:
    page = context.new_page()
    # What the browser draws its player with is asked for as `data:` and comes over no line.
    asked: set[str] = set()
    sizes: list[float] = []
    devtools = context.new_cdp_session(page)
    devtools.on("Network.requestWillBeSent", lambda told: asked.add(told["request"]["url"]))
    devtools.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    devtools.send("Network.enable")
    speed = {"downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **speed})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(SETTLED_MS)
    seconds, shift = page.evaluate(TOLD)
    # Without a window nobody asks for the icon of the tab; with one it is a request more.
    icons = [one.get_attribute("href") for one in page.locator("link[rel=icon]").all()]
    fetched = {one for one in asked if not one.startswith("data:")} | {urljoin(address, one) for one in icons if one}
    return seconds, shift, len(fetched), sum(sizes)
