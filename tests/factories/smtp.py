"""A real mail server on the loopback, which answers as a test tells it to."""

import asyncio
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

Answer = Callable[[Envelope], str]
TAKEN = "250 OK"


@dataclass
class Inbox:
    """What the server took, and its answers to an address and to a whole mail; None lets it hang up."""

    letters: list[EmailMessage] = field(default_factory=list)
    to_address: str = TAKEN
    to_data: str | None = TAKEN
    connections: int = 0
    # Whoever brings one more than so many waits for an answer, until this is changed.
    silent_after: float = math.inf

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_address == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.to_address

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.to_data is None:
            assert server.transport
            server.transport.abort()
            return "451 gone"
        if self.to_data == TAKEN:
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        while len(self.letters) > self.silent_after:
            await asyncio.sleep(0.02)
        return self.to_data


class AnyPort(Controller):
    def _trigger_server(self) -> None:
        """Controller looks whether its port answers: port 0 has become another by then."""
        assert self.server
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(settings: Settings) -> Iterator[Inbox]:
    """Mail of this test goes to the server that is yielded."""
    inbox = Inbox()
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    try:
        yield inbox
    finally:
        controller.stop(no_assert=True)
