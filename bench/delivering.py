"""``python -m bench.delivering``: what a worker does every minute, again and again until it is ended."""

import sys

import django

import bench.environment  # noqa: F401  before the settings


def main() -> None:
    django.setup()
    from accounts.tasks import send_waiting_mail  # noqa: PLC0415  it imports models, which need the settings
    from notifications.tasks import deliver  # noqa: PLC0415  as above

    print("ready", flush=True)
    sys.stdin.read()
    while True:
        deliver()
        send_waiting_mail()


if __name__ == "__main__":
    main()
