"""A Redis server of one test, on a socket of its own."""

import subprocess
import tempfile
from pathlib import Path

from redis import Redis, exceptions

from config.supervisor.redis import find_binary
from tests.supervisor.clone import until


class OwnRedis:
    """It forgets everything when it stops: what was in it is lost, as with an emptied one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # A socket's path may be 107 bytes long, and a test's folder is longer at times.
        self._short = tempfile.TemporaryDirectory(prefix="redis-", dir="/tmp")
        self._socket = f"{self._short.name}/s"
        self.start()

    @property
    def url(self) -> str:
        return f"redis+socket://{self._socket}"

    def start(self) -> None:
        binary = find_binary()
        assert binary, "these tests need a Redis"
        command = [binary, "--port", "0", "--unixsocket", self._socket, "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(
            command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._answers, 20)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def flush(self) -> None:
        Redis(unix_socket_path=self._socket).flushall()

    def close(self) -> None:
        self.stop()
        self._short.cleanup()

    def _answers(self) -> bool:
        try:
            return bool(Redis(unix_socket_path=self._socket).ping())
        except exceptions.ConnectionError:
            return False
