"""``exec``: a command beside servers of its own."""

import os
import signal

import pytest

from config.supervisor.paths import Refused, check_instance
from config.supervisor.state import running_services
from tests.supervisor.clone import CARE, Clone, until

pytestmark = pytest.mark.supervisor


def test_status_output_and_arguments_pass_through(clone: Clone) -> None:
    done = clone.execute("sh", "-c", 'echo "$1|$DATABASE_URL|$REDIS_URL"; exit 7', "sh", "two  words --port")
    words, database, redis = done.out.strip().split("|")
    assert (done.status, words) == (7, "two  words --port")
    assert database.startswith("postgresql://ownpace:")
    assert redis == f"redis+socket://{clone.short}/test/redis/redis.sock"
    assert clone.processes() == []

    assert clone.execute("sh", "-c", "kill -9 $$").status == 128 + signal.SIGKILL
    missing = clone.execute("no-such-command", PATH=os.defpath)
    assert missing.status == 127
    assert "no-such-command: No such file or directory" in missing.err


def test_both_servers_can_be_used_as_django_and_celery_do(clone: Clone) -> None:
    code = """if True:
        import os, dj_database_url, psycopg, kombu
        django = dj_database_url.parse(os.environ["DATABASE_URL"])
        with psycopg.connect(host=django["HOST"], user=django["USER"], password=django["PASSWORD"],
                             dbname=django["NAME"]) as connection:
            print(connection.execute("SELECT pg_encoding_to_char(encoding) FROM pg_database "
                                     "WHERE datname = current_database()").fetchone()[0])
        broker = kombu.Connection(os.environ["REDIS_URL"])
        print(broker.ensure_connection(max_retries=30, interval_start=0.1).connected)
        client = broker.default_channel.client
        print(client.config_get("appendonly")["appendonly"], client.config_get("maxmemory-policy")["maxmemory-policy"])
    """
    done = clone.execute(clone.python, "-c", code)
    assert done.out.split() == ["UTF8", "True", "yes", "noeviction"], done.err


def test_test_data_is_kept_carelessly(clone: Clone) -> None:
    assert clone.sql(CARE, instance="test") == "off off off"


def test_instances_do_not_meet_and_one_is_not_run_twice(clone: Clone) -> None:
    process = clone.start("-m", "config.supervisor", "exec", "--instance", "run", "--", "sleep", "60")
    until(lambda: running_services(clone.var, "run"))
    again = clone.execute("true", instance="run")
    assert (again.status, again.err) == (1, f"ownpace: already running, pid {process.pid}.\n")
    assert clone.sql("SELECT 1", instance="test") == "1"
    assert process.stop().status == 128 + signal.SIGTERM


def test_servers_named_by_the_environment_are_used(new_clone: Clone) -> None:
    clone = new_clone
    named = {"DATABASE_URL": "postgresql://elsewhere/db", "REDIS_URL": "redis://elsewhere"}
    done = clone.execute("sh", "-c", 'echo "$DATABASE_URL $REDIS_URL"', **named)
    assert done.out.split() == list(named.values())
    assert not (clone.home / "test" / "pg").exists()
    assert not (clone.var / "test" / "redis").exists()


def test_its_var_can_lie_elsewhere(new_clone: Clone) -> None:
    clone = new_clone
    clone.var = clone.root / "elsewhere"
    named = {"DATABASE_URL": "postgresql://elsewhere/db", "REDIS_URL": "redis://elsewhere"}
    assert clone.execute("true", OWNPACE_VAR=str(clone.var), **named).status == 0
    assert (clone.var / "test").is_dir()
    assert not (clone.root / "var").exists()


@pytest.mark.parametrize("name", ["", "../run", "a/b", "UP", "log", "media", "x" * 31])
def test_an_instance_has_a_plain_name(name: str) -> None:
    with pytest.raises(Refused, match="can't name an instance"):
        check_instance(name)


def test_an_ordinary_account_can_run_it_from_an_awkward_folder(unprivileged_clone: Clone) -> None:
    clone = unprivileged_clone
    assert clone.sql("CREATE TABLE kept AS SELECT 42 AS answer", "SELECT answer FROM kept") == "42"
    assert clone.sql("SELECT answer FROM kept") == "42"
    assert clone.home == clone.var
    assert clone.processes() == []
    owners = {path.stat().st_uid for path in clone.var.rglob("*")}
    assert owners == {os.geteuid() if clone.user is None else clone.user}
