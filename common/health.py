"""`/healthz` says that this process answers; `/readyz` that the whole can serve. Neither needs a sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import pulse
from common.enqueue import impatient_connection


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """503 when pages or background work would fail. Redis alone only degrades: pages and sign-in go on without it."""
    needed = _needed()
    redis = "ok" if _redis_answers() else "degraded"
    ready = all(state == "ok" for state in needed.values())
    return JsonResponse({"ready": ready, **needed, "redis": redis}, status=200 if ready else 503)


def _needed() -> dict[str, str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return {
            "database": "ok",
            "migrations": "waiting" if waiting else "ok",
            "worker": "ok" if pulse.is_fresh(pulse.WORKER) else "silent",
            "scheduler": "ok" if pulse.is_fresh(pulse.SCHEDULER) else "silent",
        }
    except DatabaseError:
        return {"database": "unreachable"}


def _redis_answers() -> bool:
    try:
        with impatient_connection() as broker:
            broker.ensure_connection(max_retries=0, timeout=0.1)
        return True
    except Exception:  # every transport raises its own family, and any of them means the same here
        return False
