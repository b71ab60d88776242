"""Work for a process of its own, so that it takes no time from the one that measures. It says and hears JSON."""

import json
import subprocess
import sys
from typing import Any

from django.conf import settings


def run(module: str, what: dict[str, Any]) -> Any:
    """What `module` prints when it is given `what`."""
    command = [sys.executable, "-m", module]
    done = subprocess.run(
        command, input=json.dumps(what), text=True, stdout=subprocess.PIPE, cwd=settings.BASE_DIR, check=True
    )
    return json.loads(done.stdout)
