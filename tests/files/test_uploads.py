"""Storing, claiming and throwing away: no row without its bytes, and no upload kept for ever."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from files import services, work
from files.models import File
from files.tasks import clear_stale_uploads
from tests.factories.people import UserFactory
from tests.files.responses import DIGITS, stored

pytestmark = pytest.mark.django_db
Commits = Callable[..., object]


def aged(hours: float, *, claimed: bool = False) -> File:
    file = stored(claimed=claimed)
    File.objects.filter(pk=file.pk).update(created_at=timezone.now() - timedelta(hours=hours))
    return file


def bytes_of(file: File) -> Path:
    return Path(file.blob.path)


def test_stored_file_has_its_bytes_size_and_fingerprint() -> None:
    person = UserFactory()
    file = services.store(io.BytesIO(DIGITS), "digits.txt", by=person, claimed=False)
    file.refresh_from_db()
    assert bytes_of(file).read_bytes() == DIGITS
    assert (file.size, file.content_type, file.name) == (10, "text/plain", "digits.txt")
    assert file.sha256 == hashlib.sha256(DIGITS).hexdigest()
    assert (file.uploaded_by, file.claimed_at) == (person, None)


def test_stream_that_was_read_before_is_stored_from_its_start() -> None:
    stream = io.BytesIO(DIGITS)
    assert services.fingerprint(stream) == (hashlib.sha256(DIGITS).hexdigest(), 10)
    file = services.store(stream, "digits.bin", by=None, claimed=True)
    assert bytes_of(file).read_bytes() == DIGITS


def test_stream_that_somebody_read_to_the_middle_is_stored_whole() -> None:
    stream = io.BytesIO(DIGITS)
    stream.read(4)
    file = services.store(stream, "digits.bin", by=None, claimed=True)
    assert bytes_of(file).read_bytes() == DIGITS
    assert file.size == 10


def test_two_files_of_one_name_are_two() -> None:
    first, second = stored("same.txt", b"one"), stored("same.txt", b"two")
    assert bytes_of(first).read_bytes() == b"one"
    assert bytes_of(second).read_bytes() == b"two"


def test_clean_up_takes_only_what_nobody_claimed_for_a_day(django_capture_on_commit_callbacks: Commits) -> None:
    stale, fresh, claimed = aged(24.1), aged(23.9), aged(2400, claimed=True)
    with django_capture_on_commit_callbacks(execute=True):
        clear_stale_uploads()
    assert set(File.objects.all()) == {fresh, claimed}
    assert not bytes_of(stale).exists()
    assert bytes_of(fresh).exists()
    assert bytes_of(claimed).exists()


def test_clean_up_says_how_many_it_took() -> None:
    for _ in range(3):
        aged(25)
    assert services.clear_stale_uploads() == 3
    assert services.clear_stale_uploads() == 0


def test_claimed_upload_stays(django_capture_on_commit_callbacks: Commits) -> None:
    file = aged(25)
    File.objects.filter(pk=file.pk).update(claimed_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        clear_stale_uploads()
    assert bytes_of(file).read_bytes() == DIGITS
    assert File.objects.filter(pk=file.pk).exists()


def test_bytes_go_only_after_the_commit(django_capture_on_commit_callbacks: Commits) -> None:
    file = stored()
    path = bytes_of(file)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete([file])
        assert path.exists()
        assert not File.objects.exists()
    assert not path.exists()


def test_crash_before_the_commit_leaves_row_and_bytes(django_capture_on_commit_callbacks: Commits) -> None:
    file = stored()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        services.delete([File.objects.get(pk=file.pk)])
        transaction.set_rollback(True)
    assert File.objects.filter(pk=file.pk).exists()
    assert bytes_of(file).read_bytes() == DIGITS


def test_every_file_of_a_batch_loses_its_own_bytes(django_capture_on_commit_callbacks: Commits) -> None:
    files = [stored(content=str(number).encode()) for number in range(3)]
    paths = [bytes_of(file) for file in files]
    with django_capture_on_commit_callbacks(execute=True):
        services.delete(files)
    assert not any(path.exists() for path in paths)


def test_bytes_that_are_gone_already_do_not_stop_the_clean_up(django_capture_on_commit_callbacks: Commits) -> None:
    lost, other = aged(25), aged(25)
    bytes_of(lost).unlink()
    with django_capture_on_commit_callbacks(execute=True):
        clear_stale_uploads()
    assert not File.objects.exists()
    assert not bytes_of(other).exists()


def test_bytes_that_cannot_be_written_leave_no_row() -> None:
    class Broken(io.BytesIO):
        """A disk or a connection that gives up: the second reading fails."""

        readings = 0

        def seek(self, *args: int) -> int:
            self.readings += 1
            return super().seek(*args)

        def read(self, size: int | None = -1) -> bytes:
            if self.readings > 1:
                raise OSError("No space left on device")
            return super().read(size)

    with pytest.raises(OSError, match="No space"):
        services.store(Broken(DIGITS), "digits.bin", by=None, claimed=True)
    assert not File.objects.exists()


def test_row_that_cannot_be_written_is_an_error_and_not_half_a_file() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _store_for_nobody()
    assert not File.objects.exists()


def _store_for_nobody() -> None:
    services.store(io.BytesIO(DIGITS), "digits.bin", by=User(pk=999_999), claimed=True)
    transaction.get_connection().check_constraints()


def test_deleting_a_person_keeps_what_they_brought() -> None:
    person = UserFactory()
    file = services.store(io.BytesIO(DIGITS), "digits.bin", by=person, claimed=True)
    person.delete()
    file.refresh_from_db()
    assert file.uploaded_by is None


def test_upload_that_a_text_still_names_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    named, forgotten = aged(30), aged(30)
    monkeypatch.setattr(work, "HOLDERS", [lambda files: {named.pk}.intersection(files)])
    clear_stale_uploads()
    assert [file.pk for file in File.objects.filter(pk__in=[named.pk, forgotten.pk])] == [named.pk]
