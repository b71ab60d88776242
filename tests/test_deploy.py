"""What can be said of a server without one: its files agree with the code, and production settings stand."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.urls import URLResolver, get_resolver, reverse
from django.utils.module_loading import import_string

from config.supervisor.binaries import MAJOR
from config.worker import queues

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NGINX = re.sub(r"#.*", "", (ROOT / "deploy/nginx.conf").read_text("utf-8"))
OURS = ("web", "worker", "media", "beat", "migrate")

SERVER = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": "k3u8vYx-2qPw7ZtNc5sLb0hGfRjDm9aEoViT4nQyXK1_WzCpSgHd6J",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PUBLIC_ORIGIN": "https://learn.example.org",
}


def manage(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """A command under production settings, with nothing of this process's own environment but the path."""
    environment = {"PATH": os.environ["PATH"], **SERVER, **changed}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


# The container files


def dockerfile() -> list[tuple[str, str]]:
    """Instructions and their arguments, with continued lines joined."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text("utf-8"), flags=re.M).replace("\\\n", " ")
    lines = [line.partition(" ") for line in text.splitlines() if line.strip()]
    return [(instruction, re.sub(r"\s+", " ", rest).strip()) for instruction, _, rest in lines]


def arguments_of(instruction: str) -> list[str]:
    return [rest for name, rest in dockerfile() if name == instruction]


def test_the_dockerfile_has_only_instructions_that_exist() -> None:
    assert dockerfile()[0][0] == "FROM"
    known = {"FROM", "ENV", "RUN", "WORKDIR", "COPY", "USER", "EXPOSE", "CMD"}
    assert {name for name, _ in dockerfile()} == known


def test_the_image_has_a_python_that_the_project_and_its_lock_are_made_for() -> None:
    version = re.fullmatch(r"python:(\d+)\.(\d+)\.\d+-slim-\w+", arguments_of("FROM")[0])
    assert version, "Pin the image by a whole version, so that a build next year is the same build."
    wanted = re.fullmatch(r">=(\d+)\.(\d+)", PROJECT["project"]["requires-python"])
    assert wanted
    assert tuple(map(int, version.groups())) >= tuple(map(int, wanted.groups()))


def test_the_image_installs_the_lock_with_hashes_and_does_not_run_as_root() -> None:
    assert any("--require-hashes -r requirements.lock" in run for run in arguments_of("RUN"))
    order = [name for name, _ in dockerfile()]
    assert arguments_of("USER") == ["ownpace"]
    assert order.index("USER") > max(place for place, name in enumerate(order) if name == "RUN")


def test_the_image_holds_every_app_and_nothing_that_is_not_there() -> None:
    copied = {rest.split()[0] for rest in arguments_of("COPY")}
    assert copied >= {*PROJECT["tool"]["importlinter"]["root_packages"], "templates", "static", "manage.py"}
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_image_collects_static_files_with_just_what_settings_ask_for(tmp_path: Path) -> None:
    build = next(run for run in arguments_of("RUN") if "collectstatic" in run).partition(" && ")[0]
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": SERVER["DJANGO_SETTINGS_MODULE"],
        "OWNPACE_VAR": str(tmp_path),
    }
    done = subprocess.run(["sh", "-c", build], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "static" / "staticfiles.json").exists()


def test_the_compose_file_has_every_service_and_starts_them_in_order() -> None:
    assert set(SERVICES) == {*OURS, "postgres", "redis", "proxy"}
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in ("web", "worker", "media", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["restart"] == "no"
    assert "manage.py migrate" in SERVICES["migrate"]["command"][-1]
    assert "manage.py createcachetable" in SERVICES["migrate"]["command"][-1]


def test_only_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_every_volume_is_declared_and_every_declared_one_used() -> None:
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])]
    assert {mount for mount in mounts if re.fullmatch(r"\w+", mount)} == set(COMPOSE["volumes"])


def test_the_server_has_the_postgres_that_development_has() -> None:
    image, _, tag = SERVICES["postgres"]["image"].partition(":")
    assert image == "postgres"
    assert tag.split(".")[0] == MAJOR
    # Images of 18 and later keep the data below this folder; mounted deeper, it would be lost with the container.
    assert "postgres:/var/lib/postgresql" in SERVICES["postgres"]["volumes"]


@pytest.mark.parametrize("name", OURS)
def test_what_compose_sets_is_read_by_settings(name: str) -> None:
    read = set()
    for path in (ROOT / "config/settings").glob("*.py"):
        read |= set(re.findall(r'\benv\.\w+\(\s*"([A-Z0-9_]+)"', path.read_text("utf-8")))
    given = SERVICES[name]["environment"]
    assert set(given) - read == set(), "Nothing reads these."
    assert given.keys() >= {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_ORIGIN"}


def test_every_command_names_what_is_there() -> None:
    # In a process of its own, because it opens and closes a connection before it forks.
    subprocess.run([sys.executable, "-c", "from config.wsgi import application"], cwd=settings.BASE_DIR, check=True)
    web = yaml.safe_load(arguments_of("CMD")[0])
    assert web[:2] == ["gunicorn", "config.wsgi"]
    # A job may ask Postgres for longer than a page may.
    served = set()
    for name in ("worker", "media"):
        assert SERVICES[name]["command"][:2] == ["env", "STATEMENT_TIMEOUT=120s"]
        assert SERVICES[name]["command"][2:6] == ["celery", "-A", "config", "worker"]
        served.add(SERVICES[name]["command"][6].removeprefix("--queues="))
    assert served == set(queues())
    beat = SERVICES["beat"]["command"]
    assert beat[:4] == ["celery", "-A", "config", "beat"]
    options = dict(option.removeprefix("--").split("=") for option in beat if option.startswith("--"))
    # Celery's own scheduler leaves no pulse, and /readyz would never be content.
    assert import_string(settings.CELERY_BEAT_SCHEDULER.replace(":", ".")).__name__ == "PulsingScheduler"
    assert options["schedule"].startswith("/tmp/"), "The image's own folders can't be written to."


def test_health_checks_ask_addresses_that_exist() -> None:
    asked = {name: " ".join(SERVICES[name]["healthcheck"]["test"]) for name in ("web", "worker", "media", "beat")}
    assert reverse("healthz") in asked["web"]
    assert reverse("readyz") in asked["worker"]
    assert reverse("readyz") in asked["media"]
    assert reverse("readyz") in asked["beat"]
    for command in asked.values():
        compile(re.split(r" -c ", command)[1], "healthcheck", "exec")


# The proxy


def directive(name: str) -> list[str]:
    return [" ".join(value.split()) for value in re.findall(rf"(?:^|[;{{}}])\s*{name}\s+([^;{{]+)(?=[;{{])", NGINX)]


def test_the_proxy_file_is_balanced() -> None:
    assert NGINX.count("{") == NGINX.count("}") > 5
    loose = [line for line in NGINX.splitlines() if line.strip() and line.rstrip()[-1] not in ";{}"]
    assert loose == [], "A directive ends with a semicolon."


def test_the_proxy_serves_what_accel_names_and_to_nobody_else() -> None:
    prefix = SERVICES["web"]["environment"]["ACCEL_PREFIX"]
    block = re.search(rf"location {re.escape(prefix)} {{(.*?)}}", NGINX, re.S)
    assert block, f"No location {prefix} in deploy/nginx.conf."
    assert "internal;" in block[1]
    folder = re.search(r"alias (\S+);", block[1])
    assert folder
    assert f"media:{folder[1].rstrip('/')}:ro" in SERVICES["proxy"]["volumes"]
    # nginx forwards none of these from Django's answer; without the policy an uploaded file could run scripts.
    needed = ["Content-Security-Policy", "X-Content-Type-Options nosniff", "Cross-Origin-Resource-Policy"]
    for header in [*needed, 'Vary "Cookie, Sec-Fetch-Dest"']:
        assert f"add_header {header}" in block[1]


def test_the_proxy_tells_django_who_asks_and_how() -> None:
    passed = dict(value.split(" ", 1) for value in directive("proxy_set_header"))
    assert passed["X-Forwarded-Proto"] == "$scheme"
    assert passed["X-Forwarded-For"] == "$proxy_add_x_forwarded_for"
    assert passed["Host"] == "$host"
    assert SERVICES["web"]["environment"]["TRUSTED_PROXIES"] == "1"


def location(name: str) -> str:
    block = re.search(rf"location {re.escape(name)} {{(.*?)}}", NGINX, re.S)
    assert block, f"No location {name} in deploy/nginx.conf."
    return block[1]


def most_bytes(text: str) -> int:
    (size,) = re.findall(r"client_max_body_size (\d+)m;", text)
    return int(size) * 1024**2


def uploading(path: str) -> int:
    """What nginx takes of a POST to `path`, in bytes."""
    for pattern, target in re.findall(r"rewrite (\S+) (\S+) last;", NGINX):
        if re.search(pattern, path):
            return most_bytes(location(f"= {target}"))
    outside = re.sub(r"location [^{]+{.*?}", "", NGINX, flags=re.S)
    return most_bytes(outside)


def example(route: str) -> str:
    values = {"int": "12", "slug": "a-kind_2", "uuid": "00000000-0000-4000-8000-000000000000"}
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: values.get(found[1], "a-name"), route)


def test_the_proxy_takes_of_every_address_what_its_view_does() -> None:
    """A view that is marked `takes_files` has its place in the proxy's file, and nothing else has."""
    large = 0
    for path, view in every_view(get_resolver().url_patterns):
        taken = getattr(view, "takes_files", None)
        large += taken is not None
        assert uploading(example(path)) == (taken.body if taken else settings.ORDINARY_BODY_BYTES), path
    assert large >= 4


def every_view(patterns: list, prefix: str = "/") -> list[tuple[str, Any]]:
    found = []
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += every_view(pattern.url_patterns, path)
        else:
            found.append((path, pattern.callback))
    return found


def test_the_proxy_asks_before_it_takes_in_a_large_body() -> None:
    for target in set(re.findall(r"rewrite \S+ (\S+) last;", NGINX)):
        block = location(f"= {target}")
        # Both can only be reached by the rewrites, and go to Django under the address that was asked for.
        assert "internal;" in block
        assert f"auth_request {reverse('may_upload')};" in block
        assert "proxy_pass http://web$request_uri;" in block
    question = location(f"= {reverse('may_upload')}")
    assert "internal;" in question
    assert "proxy_pass_request_body off;" in question
    assert "client_max_body_size 0;" in question, "The question itself would be refused for the body's length."
    assert 'proxy_set_header Content-Length "";' in question
    # An address with its own headers inherits none.
    outside = re.sub(r"location [^{]+{.*?}", "", NGINX, flags=re.S)
    inherited = set(re.findall(r"proxy_set_header [^;]+;", outside))
    assert inherited <= set(re.findall(r"proxy_set_header [^;]+;", question))


def test_the_proxy_leaves_compression_to_django() -> None:
    assert directive("gzip") == ["off"]


def test_the_proxy_listens_where_its_ports_lead() -> None:
    inside = {port.split(":")[1] for port in SERVICES["proxy"]["ports"]}
    assert {value.split()[0] for value in directive("listen")} == inside


# Production settings


def test_production_settings_pass_djangos_own_review() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_ORIGIN"])
def test_what_is_missing_is_named_in_a_sentence(name: str) -> None:
    done = manage("check", **{name: ""})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert f"{name} is not set. Set it to " in last
    assert "docs/operations.md" in last


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "k3u8vYx-2qPw7ZtNc5sLb0hGfRjDm9aEoViT4nQyXK1_WzCpS", "SECRET_KEY has 49 characters"),
        ("SECRET_KEY", "0123456789" * 6, "SECRET_KEY repeats a few characters"),
        (
            "SECRET_KEY",
            "django-insecure-2qPw7ZtNc5sLb0hGfRjDm9aEoViT4nQyXK1_WzCpSgHd6J",
            "is a published sample",
        ),
        ("SECRET_KEY", "Change-Me-to-fifty-random-characters-or-more-0123456789", "is a published sample"),
        ("SECRET_KEY", "put-your-own-key-here-abcdefghijklmnopqrstuvwxyz-012345", "is a published sample"),
        ("DATABASE_URL", "postgresql://ownpace:secret@db.internal/ownpace", "DATABASE_URL has a sample password"),
        ("DATABASE_URL", "postgresql://ownpace:ownpace@postgres:5432/ownpace", "DATABASE_URL has a sample password"),
        ("PUBLIC_ORIGIN", "http://learn.example.org", "PUBLIC_ORIGIN must start with https"),
        ("PUBLIC_ORIGIN", "learn.example.org", "PUBLIC_ORIGIN must start with https"),
        ("PUBLIC_ORIGIN", "https://learn.example.org/", "PUBLIC_ORIGIN must be scheme and host only"),
        ("PUBLIC_ORIGIN", "https://learn.example.org/courses", "PUBLIC_ORIGIN must be scheme and host only"),
        ("PUBLIC_ORIGIN", "https://me@learn.example.org", "PUBLIC_ORIGIN must be scheme and host only"),
        ("ALLOWED_HOSTS", "learn.example.org,*", "ALLOWED_HOSTS is *"),
    ],
)
def test_server_does_not_start_with_what_is_no_secret_or_no_address(name: str, value: str, sentence: str) -> None:
    done = manage("check", **{name: value})
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert sentence in last
    assert name == "PUBLIC_ORIGIN" or value not in last, "A secret is repeated in a log."


@pytest.mark.parametrize("file", ["README.md", "docs/operations.md", "docker-compose.yml", "Dockerfile"])
def test_every_key_that_can_be_read_here_is_refused(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    for sample in re.findall(r"""SECRET_KEY["']?\s*[=:]\s*["']?([^\s"'$]{4,})""", text):
        assert manage("check", SECRET_KEY=sample).returncode != 0, sample


def test_keys_of_development_and_of_the_suite_are_refused() -> None:
    for name in ("dev", "test"):
        key = re.search(r'SECRET_KEY = "(.+)"', (ROOT / f"config/settings/{name}.py").read_text("utf-8"))
        assert key
        assert manage("check", SECRET_KEY=key[1]).returncode != 0


def test_key_made_as_the_documents_say_is_taken() -> None:
    command = re.search(r'python3 (-c) "(import secrets; [^"]+)"', (ROOT / "docs/operations.md").read_text("utf-8"))
    assert command
    made = subprocess.run([sys.executable, *command.groups()], capture_output=True, text=True, check=True)
    done = manage("check", SECRET_KEY=made.stdout.strip())
    assert done.returncode == 0, done.stderr


def test_debugging_cannot_be_switched_on_by_the_environment() -> None:
    code = "from django.conf import settings; print(settings.DEBUG, settings.DEMO_ALLOWED, settings.ALLOWED_HOSTS)"
    done = manage("shell", "--no-imports", "-c", code, OWNPACE_DEBUG="true")
    assert done.stdout.strip() == "False False ['learn.example.org']", done.stderr


def test_mail_settings_come_from_one_address() -> None:
    code = "from django.conf import settings as s; print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_TIMEOUT)"
    address = "submission://user:secret@mail.example.org:587?timeout=10"
    assert address in (ROOT / "docs/operations.md").read_text("utf-8")
    done = manage("shell", "--no-imports", "-c", code, MAIL_URL=address)
    assert done.stdout.strip() == "mail.example.org 587 True 10", done.stderr


def test_mail_provider_comes_from_its_name_and_keys() -> None:
    code = (
        "from django.conf import settings as s; from django.core.mail import get_connection as c;"
        " print(s.EMAIL_BACKEND, c().server_token, s.ANYMAIL['SEND_DEFAULTS'])"
    )
    done = manage(
        "shell",
        "--no-imports",
        "-c",
        code,
        MAIL_PROVIDER="postmark",
        MAIL_PROVIDER_KEYS="POSTMARK_SERVER_TOKEN=a-token",
    )
    backend, token, watched = done.stdout.strip().split(" ", 2)
    assert (backend, token) == ("anymail.backends.postmark.EmailBackend", "a-token"), done.stderr
    assert watched == "{'track_opens': False, 'track_clicks': False}"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"MAIL_PROVIDER": "postmark", "MAIL_URL": "smtp://mail.example.org"}, "are both set"),
        ({"MAIL_PROVIDER": "post-mark"}, "MAIL_PROVIDER is post-mark, which Anymail does not know"),
        ({"MAIL_PROVIDER": "pigeon"}, "MAIL_PROVIDER is pigeon, which Anymail does not know"),
        ({"MAIL_WEBHOOK_SECRET": "one-string-alone-however-long"}, "two random strings"),
        ({"MAIL_WEBHOOK_SECRET": "short:one-string-that-is-long"}, "16 characters or more"),
    ],
)
def test_mail_settings_that_cannot_be_meant_end_the_start(given: dict[str, str], says: str) -> None:
    done = manage("check", **given)
    assert done.returncode != 0
    assert says in done.stderr


def test_the_demo_is_refused_on_a_server() -> None:
    """Before anything is asked of the database: its password is printed in the README."""
    done = manage("load_demo")
    assert done.returncode != 0
    assert "cannot be loaded with production settings" in done.stderr
