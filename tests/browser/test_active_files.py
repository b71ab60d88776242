"""What somebody uploaded runs nowhere: as a script, a style, a worker or a service worker of our own origin."""

import io

import pytest
from django.urls import reverse

from courses.models import FileContent
from courses.services import file_uses
from courses.services.course_files import add_file
from tests.browser.conftest import OpenBrowser
from tests.browser.steps import Study, study
from tests.browser.watch import Watch
from tests.factories import courses as make

CODE = b"self.ran = true; document.title = 'ran'; onfetch = () => {};"
TRY = """async address => {
    const tried = {};
    tried.script = await new Promise(tell => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = () => tell("loaded");
        script.onerror = () => tell("refused");
        document.head.append(script);
    });
    tried.style = await new Promise(tell => {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = address;
        link.onload = () => tell("loaded");
        link.onerror = () => tell("refused");
        document.head.append(link);
    });
    tried.module = await import(address).then(() => "loaded", () => "refused");
    tried.worker = await new Promise(tell => {
        try {
            const worker = new Worker(address);
            worker.onerror = () => tell("refused");
            setTimeout(() => tell("running"), 2000);
        } catch { tell("refused"); }
    });
    tried.service = await navigator.serviceWorker.register(address).then(() => "registered", () => "refused");
    tried.ran = Boolean(self.ran);
    return tried;
}"""


@pytest.fixture
def bees() -> Study:
    return study(dwell=1)


@pytest.mark.parametrize("name", ["code.js", "notes.txt", "page.html", "look.css"])
def test_uploaded_file_runs_nowhere(name: str, bees: Study, open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect(r".*")
    activity = make.ActivityFactory(module=bees.reading.module, kind="file", rule="opened", position=50)
    file = add_file(activity.module.course, io.BytesIO(CODE), name)
    FileContent.objects.create(activity=activity, course_file=file)
    file_uses.record(activity, [file.pk])
    page = open_browser(bees.student).new_page()
    page.goto(reverse("progress:lesson", args=[bees.reading.pk]))
    tried = page.evaluate(TRY, reverse("courses:file", args=[file.pk, name]))
    assert tried == {
        "script": "refused",
        "style": "refused",
        "module": "refused",
        "worker": "refused",
        "service": "refused",
        "ran": False,
    }
