"""What a server would have in its environment. Import it before the settings; whatever is set already stays."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ.setdefault("SECRET_KEY", "for-measurements-only-and-never-a-secret-of-a-server")
os.environ.setdefault("PUBLIC_ORIGIN", "http://127.0.0.1")
