"""Pressing the Undo button of a message."""

import re

from django.http import HttpResponse
from django.test import Client


def offered(response: HttpResponse) -> str:
    """The address of the one Undo button on a page."""
    (address,) = re.findall(r'<form method="post" action="(/undo/[^"]+/)">', response.content.decode())
    return address


def undo(client: Client, response: HttpResponse) -> str:
    """What the next page says."""
    return client.post(offered(response), follow=True).content.decode()
