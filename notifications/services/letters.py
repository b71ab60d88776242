"""Notices as a mail: text and HTML, in their reader's language and zone (docs/adr/0023)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import OutgoingMail
from accounts.services.letters import NotWanted, message_id
from common import origin
from common.addresses import address, quick_url
from common.letter import Letter
from common.rows import Select
from notifications.kinds import KINDS, Cadence, Rank, Reason, Section, Words
from notifications.models import Notice
from notifications.services import digests

STOP_SALT = "notifications: no more mail"
# By hand, as each mail waits for them: the ORM takes longer to build them than Postgres to answer.
OF_MAIL = Select({"n": Notice}, "FROM notifications_notice n WHERE n.mail_id = %(mail)s ORDER BY n.id")
MAILED = "UPDATE notifications_notice SET mailed_at = %(at)s WHERE mail_id = %(mail)s"


def letter(mail: OutgoingMail, now: datetime | None = None) -> Letter:
    """As it leaves `now`. Raises NotWanted when nothing in it is worth telling any more."""
    now = now or timezone.now()
    person = mail.person
    if not person.can_be_mailed or person.deleted_at:
        raise NotWanted("the person cannot be mailed")
    notices = still_worth_it([notice for (notice,) in OF_MAIL.all(mail=mail.pk)], now)
    if not notices:
        raise NotWanted("nothing in it is of use any more")
    with translation.override(person.language), timezone.override(person.timezone):
        is_digest = any(KINDS[notice.kind].takes_along for notice in notices)
        form = Form.IN_DIGEST if is_digest else Form.IN_FULL
        entries = list(zip(notices, in_words(notices, form), strict=True))
        entries.sort(key=lambda entry: (KINDS[entry[0].kind].rank, entry[0].not_before))
        digest = _take_out_digest(entries)
        kinds = {notice.kind for notice in notices if KINDS[notice.kind].may_be_switched_off}
        kinds |= _chosen_with(digest[0]) if digest else set()
        stop = _stop_address(person.pk, kinds) if kinds else ""
        words = {
            **_said(entries, digest and digest[1]),
            "person": person,
            "stop": stop,
            "may_pause": any(KINDS[name].is_nudge for name in kinds),
            "settings": origin.absolute(address("notifications:settings")),
            "inbox": origin.absolute(address("notifications:inbox")),
            "reply_to": settings.MAIL_REPLY_TO,
        }
        text = render_to_string("emails/digest.txt" if digest else "emails/notices.txt", words)
        html = render_to_string("emails/digest.html" if digest else "emails/notices.html", words)
    headers = {
        "Message-ID": message_id(mail),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"Ownpace <notices.{origin.host()}>",
    }
    if stop:
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    reply_to = [settings.MAIL_REPLY_TO] if settings.MAIL_REPLY_TO else None
    made = Letter(words["subject"], text, to=[person.email or ""], headers=headers, reply_to=reply_to)
    made.attach_alternative(html, "text/html")
    return made


def _take_out_digest(entries: list[tuple[Notice, Words]]) -> tuple[Notice, Words] | None:
    """What makes a digest of the others, if that is there. Raises NotWanted when nothing is left for it to say."""
    digest = next((entry for entry in entries if KINDS[entry[0].kind].takes_along), None)
    if digest:
        entries.remove(digest)
        listed = digests.listed_in(digest[0].values)
        # A reminder of what the digest lists by itself would say it twice.
        entries[:] = [
            entry
            for entry in entries
            if KINDS[entry[0].kind].rank is not Rank.DEADLINE
            or (KINDS[entry[0].kind].about, entry[0].subject) not in listed
        ]
        if not entries and not digest[1].sections:
            Notice.objects.filter(pk=digest[0].pk).update(mail_reason=Reason.NOTHING_TO_SAY)
            raise NotWanted("the digest has nothing to say any more")
    return digest


def _said(entries: Sequence[tuple[Notice, Words]], digest: Words | None) -> dict[str, object]:
    titles = [words.title for _, words in entries]
    return {
        "subject": _digest_subject(digest, titles) if digest else _subject(titles),
        "entries": [
            {
                "words": words,
                "link": origin.absolute(quick_url("notifications:open", notice.pk)),
                "sections": _with_whole_links(words.sections),
                "course": notice.values.get("course", ""),
            }
            for notice, words in entries
        ],
        "due": _with_whole_links(digest.sections) if digest else (),
    }


def sent(mail: OutgoingMail, **kwargs: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MAILED, {"mail": mail.pk, "at": mail.sent_at or timezone.now()})


class Form(StrEnum):
    """In which words of its kind something is said."""

    IN_INBOX = "render"
    IN_DIGEST = "in_digest"
    IN_FULL = "in_full"


def in_words(notices: Sequence[Notice], form: Form = Form.IN_INBOX) -> list[Words]:
    """Of any kinds, each kind asked once; of a kind that went with its app, a line that says so.

    Some kinds find their words as they are told: what was not told is called by its kind.
    """
    silent = [notice for notice in notices if notice.kind in KINDS and not notice.values]
    found = {notice.pk: Words(str(KINDS[notice.kind].label)) for notice in silent}
    for name in {notice.kind for notice in notices}:
        some = [notice for notice in notices if notice.kind == name and notice.pk not in found]
        if name in KINDS:
            made = getattr(KINDS[name], form)(some)
            found |= {one.pk: words for one, words in zip(some, made, strict=True)}
        else:
            found |= {one.pk: Words(gettext("This message cannot be shown any more.")) for one in some}
    return [_quoted_once(found[notice.pk]) for notice in notices]


def _singly(text: str) -> str:
    """A title that holds quotation marks itself, within those that are put around titles, has single ones."""
    if text.count("“") < 2 or text.count("“") != text.count("”"):
        return text
    depth, signs = 0, []
    for sign in text:
        depth += sign == "“"
        signs.append({"“": "‘", "”": "’"}.get(sign, sign) if depth > 1 else sign)
        depth -= sign == "”"
    return "".join(signs)


def _quoted_once(words: Words) -> Words:
    sections = [
        replace(one, lines=[replace(line, text=_singly(line.text)) for line in one.lines]) for one in words.sections
    ]
    return replace(words, title=_singly(words.title), text=_singly(words.text), sections=sections)


def still_worth_it(notices: Sequence[Notice], now: datetime) -> list[Notice]:
    """Asked again as the mail leaves: it may have waited for hours."""
    late = {one.pk for one in notices if one.not_after and one.not_after <= now}
    good = [one for one in notices if one.kind in KINDS and one.state == "told" and one.pk not in late]
    for name in {notice.kind for notice in good}:
        reasons = KINDS[name].still_valid([one for one in good if one.kind == name], now)
        for pk, reason in reasons.items():
            Notice.objects.filter(pk=pk).update(mail_reason=reason)
        good = [one for one in good if one.pk not in reasons]
    if late:
        Notice.objects.filter(pk__in=late).update(mail_reason=Reason.EXPIRED)
    return good


def _subject(titles: Sequence[str]) -> str:
    first = " ".join(titles[0].split())
    if len(titles) == 1:
        return first
    return gettext("%(first)s, and %(count)d more") % {"first": first, "count": len(titles) - 1}


def _digest_subject(digest: Words, titles: Sequence[str]) -> str:
    """What is due comes first, as in the mail itself."""
    due = [line.text for section in digest.sections for line in section.lines]
    told = _subject([*due, *titles])
    return gettext("%(digest)s: %(told)s") % {"digest": digest.title, "told": told}


def _chosen_with(digest: Notice) -> set[str]:
    """What stops with a digest: all that its reader chose to hear of by it."""
    cadence = KINDS[digest.kind].takes_along or Cadence.NEVER
    return {name for name in digests.kinds_of(digest.person_id, cadence) if name in KINDS}


def _with_whole_links(sections: Sequence[Section]) -> list[Section]:
    return [
        replace(
            section,
            lines=[replace(line, url=origin.absolute(line.url) if line.url else "") for line in section.lines],
        )
        for section in sections
    ]


def _stop_address(person: int, kinds: Iterable[str]) -> str:
    pattern = address("notifications:stop", "TOKEN")
    return origin.absolute(pattern.replace("TOKEN", stop_token(person, sorted(kinds))))


def stop_token(person: int, kinds: Sequence[str]) -> str:
    """Names a person and what they are mailed, and opens nothing but the switch for that."""
    return signing.dumps([person, *kinds], salt=STOP_SALT)


def read_stop_token(token: str) -> tuple[int, list[str]]:
    """Raises django.core.signing.BadSignature."""
    person, *kinds = signing.loads(token, salt=STOP_SALT)
    return person, kinds
