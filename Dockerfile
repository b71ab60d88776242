# The image of web, worker, beat and migrate (docker-compose.yml). Needs BuildKit, which sends only what COPY names.
FROM python:3.11.14-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod

# Numbered, because the proxy reads uploaded files as a member of this group.
RUN groupadd --gid 10001 ownpace && useradd --uid 10001 --gid 10001 --no-create-home ownpace

WORKDIR /srv/ownpace
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock

COPY manage.py ./
COPY templates ./templates
COPY static ./static
COPY accounts ./accounts
COPY common ./common
COPY config ./config
COPY courses ./courses
COPY dashboards ./dashboards
COPY drafts ./drafts
COPY files ./files
COPY feedback ./feedback
COPY forums ./forums
COPY notifications ./notifications
COPY progress ./progress

# No database is asked and no secret is used: collecting files only needs settings that load.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" DATABASE_URL=postgresql:///none REDIS_URL=redis://none \
    PUBLIC_ORIGIN=https://build.invalid python manage.py collectstatic --noinput \
    && mkdir -p var/media && chown ownpace:ownpace var/media

USER ownpace
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", "--graceful-timeout=30", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
