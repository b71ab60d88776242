"""What a server would have in its environment. Import it before the settings; whatever is set already stays."""

import os
import secrets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
os.environ.setdefault("PUBLIC_ORIGIN", "https://127.0.0.1")
