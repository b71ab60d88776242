"""Every periodic job, in one place. Times are UTC; each job is idempotent, so none, one or five beats are safe."""

from celery.schedules import crontab

SCHEDULE = {
    "heartbeat": {"task": "common.tasks.heartbeat", "schedule": 20.0, "options": {"expires": 20}},
    "clear-sessions": {"task": "accounts.tasks.clear_expired_sessions", "schedule": crontab(minute=17, hour=3)},
    "mail": {"task": "accounts.tasks.send_waiting_mail", "schedule": crontab(), "options": {"expires": 55}},
    "plan-notices": {"task": "notifications.tasks.plan", "schedule": crontab(minute=7), "options": {"expires": 3500}},
    "deliver-notices": {"task": "notifications.tasks.deliver", "schedule": crontab(), "options": {"expires": 55}},
    "clear-notices": {"task": "notifications.tasks.clear_old_notices", "schedule": crontab(minute=37, hour=3)},
    "clear-mail": {"task": "accounts.tasks.clear_old_mail", "schedule": crontab(minute=47, hour=3)},
    "clear-uploads": {"task": "files.tasks.clear_stale_uploads", "schedule": crontab(minute=27)},
    "clear-drafts": {"task": "drafts.tasks.clear_old_drafts", "schedule": crontab(minute=7, hour=4)},
    "clear-notes": {"task": "progress.tasks.clear_deleted_notes", "schedule": crontab(minute="*/10")},
    "signals": {
        "task": "progress.tasks.reckon_signals",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 590},
    },
    "erase": {"task": "courses.tasks.erase_what_was_deleted", "schedule": crontab(minute=57, hour=3)},
    "calendars": {"task": "courses.tasks.fill_calendars", "schedule": crontab(minute=7, hour=4)},
    "media": {"task": "courses.tasks.do_media_jobs", "schedule": crontab(), "options": {"expires": 55}},
    "clear-posts": {"task": "forums.tasks.clear_deleted", "schedule": crontab(minute=7, hour=4)},
    "introductions": {"task": "forums.tasks.open_introductions", "schedule": crontab(minute=12)},
    "posts": {"task": "forums.tasks.renew_posts", "schedule": crontab(minute="*/5")},
    "releases": {"task": "feedback.tasks.settle_releases", "schedule": crontab(), "options": {"expires": 55}},
    "promises": {"task": "feedback.tasks.break_promises", "schedule": crontab(minute="*/5")},
    "check-ins": {"task": "feedback.tasks.ask_in_turn", "schedule": crontab(minute="*/5"), "options": {"expires": 290}},
    "assignments": {"task": "feedback.tasks.renew_texts", "schedule": crontab(minute="*/5")},
    "drawing": {"task": "feedback.tasks.draw_work", "schedule": crontab(), "options": {"expires": 55}},
    "readings": {"task": "courses.tasks.renew_readings", "schedule": crontab(minute="*/5")},
}
