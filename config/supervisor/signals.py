"""What we were asked to do, read by the loops at their own pace."""

import signal
from types import FrameType


class Signals:
    """The first one stops everything in order; a second one stops the waiting for it."""

    def __init__(self) -> None:
        self.received: list[int] = []
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # a parent that ignored it would hide deaths from us
        signal.signal(signal.SIGINT, self._receive)
        signal.signal(signal.SIGTERM, self._receive)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup sets it
            signal.signal(signal.SIGHUP, self._receive)

    def is_over(self) -> bool:
        return bool(self.received)

    def in_a_hurry(self) -> bool:
        return len(self.received) > 1

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        self.received.append(number)
