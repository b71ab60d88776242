"""The addresses behind http://localhost:PORT, and whether somebody else has them."""

import errno
import http.client
import socket
import time

from config.supervisor.paths import Refused

PATIENCE = 1.0  # the web server of a supervisor that was killed a moment ago still has it


def free_addresses(port: int) -> list[str]:
    """What the web server binds: both loopbacks, because a browser may try either for localhost."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            addresses = [f"127.0.0.1:{port}"]
            _try(socket.AF_INET, "127.0.0.1", port)
            if _has_ipv6():
                _try(socket.AF_INET6, "::1", port)
                addresses.append(f"[::1]:{port}")
            return addresses
        except OSError as error:
            if error.errno == errno.EACCES:
                raise Refused(f"port {port} is for root only; choose another: make run PORT=8001") from error
            if time.monotonic() > deadline:
                raise Refused(f"port {port} is in use; choose another: make run PORT={_other(port)}") from error
        time.sleep(0.1)


def answers(port: int, path: str) -> bool:
    """Whether the web server answers 200, asked as a browser on this machine would."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _other(port: int) -> int:
    return 8001 if port != 8001 else 8002


def _has_ipv6() -> bool:
    try:
        _try(socket.AF_INET6, "::1", 0)
    except OSError:
        return False
    return True


def _try(family: socket.AddressFamily, host: str, port: int) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)
