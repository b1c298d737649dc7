"""Letters: each once, in the recipient's language, and none lost while the mail server is away."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Thread

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as Outbox
from django.db import connection as database
from django.utils import timezone

from catalog.members.actors import actor_of
from catalog.notifications.correspondence import save_correspondence
from catalog.notifications.mailing import mail_digests, mail_due
from catalog.notifications.marking import mark_read
from catalog.notifications.models import Correspondence, Notification
from catalog.notifications.tasks import mail_notifications, send_digests
from catalog.proposals.services import withdraw_proposal

MORNING = timezone.now().replace(hour=6) + timedelta(days=1)
HERE = __name__
OUTBOX = "django.core.mail.backends.locmem.EmailBackend"


class Away(BaseEmailBackend):
    """A server that hangs up."""

    def send_messages(self, messages) -> int:
        raise SMTPServerDisconnected(f"not now, {messages[0].to[0]}")


class Choosy(Outbox):
    """A server that takes no letter to one of the stewards."""

    refused = ""

    def send_messages(self, messages) -> int:
        if messages[0].to == [self.refused]:
            raise SMTPRecipientsRefused({self.refused: (550, b"no such mailbox")})
        return super().send_messages(messages)


class Doubled(Outbox):
    """A server so slow that a second worker starts while it takes a letter."""

    def send_messages(self, messages) -> int:
        second = Thread(target=_work)
        second.start()
        second.join()
        return super().send_messages(messages)


def _work() -> None:
    mail_due()
    database.close()


def wish(person, *, pace="at-once", language="en") -> None:
    save_correspondence(actor=actor_of(person), language=language, pace=pace)


def to(mailoutbox, person):
    return [letter for letter in mailoutbox if letter.to == [person.email]]


def test_a_letter_says_what_happened_to_what_and_where(scene, mailoutbox):
    scene.send_back()
    mail_notifications()
    letter = to(mailoutbox, scene.author)[0]
    assert letter.subject.startswith("[Tapestry Catalog] The reviewers ask for changes")
    assert "Proposal: Spun wool" in letter.body
    assert scene.proposal.get_absolute_url() in letter.body
    assert "Because." not in letter.body + letter.alternatives[0].content


def test_a_letter_can_be_ended_by_the_mail_program_and_is_answered_by_no_machine(scene, mailoutbox):
    scene.send_back()
    mail_due()
    headers = to(mailoutbox, scene.author)[0].extra_headers
    assert headers["Auto-Submitted"] == "auto-generated"
    assert "/notifications/unsubscribe/" in headers["List-Unsubscribe"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_several_things_are_one_letter_and_none_comes_twice(scene, mailoutbox):
    scene.send_back()
    withdraw_proposal(actor=actor_of(scene.colleague), proposal=scene.proposal)
    mail_due()
    mail_due()
    letters = to(mailoutbox, scene.author)
    assert [letter.subject for letter in letters] == ["[Tapestry Catalog] 2 things happened"]


def test_each_reads_in_their_own_language(scene, mailoutbox):
    wish(scene.author, language="fr")
    scene.send_back()
    mail_due()
    letter = to(mailoutbox, scene.author)[0]
    assert "modifications" in letter.subject
    assert "Proposition" in letter.body
    assert '<html lang="fr">' in letter.alternatives[0].content
    assert "ask for changes" in to(mailoutbox, scene.colleague)[0].subject


def test_nobody_is_written_to_who_wants_no_letters_or_has_no_account(scene, mailoutbox):
    wish(scene.author, pace="never")
    scene.send_back()
    scene.colleague.is_active = False
    scene.colleague.save()
    mail_due()
    wish(scene.author)  # what happened before does not come now
    mail_due()
    assert to(mailoutbox, scene.author) == to(mailoutbox, scene.colleague) == []


def test_what_was_read_on_the_site_is_not_written(scene, mailoutbox):
    scene.send_back()
    mark_read(actor=actor_of(scene.author))
    mail_due()
    assert to(mailoutbox, scene.author) == []


def test_a_letter_waits_while_the_server_is_away(scene, mailoutbox, settings, caplog):
    scene.send_back()
    settings.EMAIL_BACKEND = f"{HERE}.Away"
    assert mail_due() == 0
    assert Notification.objects.filter(mailed_at__isnull=True, recipient=scene.author).exists()
    assert scene.author.email not in caplog.text
    settings.EMAIL_BACKEND = OUTBOX
    mail_due()
    assert len(to(mailoutbox, scene.author)) == 1


def test_one_address_that_is_refused_stops_nobody_elses_letter(
    scene, mailoutbox, settings, caplog, monkeypatch
):
    scene.send_back()
    monkeypatch.setattr(Choosy, "refused", scene.author.email)
    settings.EMAIL_BACKEND = f"{HERE}.Choosy"
    mail_due()
    assert [len(to(mailoutbox, person)) for person in (scene.author, scene.colleague)] == [0, 1]
    assert "SMTPRecipientsRefused" in caplog.text
    assert scene.author.email not in caplog.text


def test_what_could_not_be_sent_for_a_day_stands_on_the_site_alone(scene, mailoutbox):
    scene.send_back()
    mail_due(at=timezone.now() + timedelta(days=2))
    assert mailoutbox == []
    assert not Notification.objects.filter(mailed_at__isnull=True, recipient=scene.author).exists()


def test_inv_6_who_left_meanwhile_is_not_written_to(scene, mailoutbox):
    scene.send_back()
    scene.author.memberships.all().delete()
    mail_due()
    assert to(mailoutbox, scene.author) == []


def test_the_digest_comes_once_a_day_and_only_with_something_in_it(scene, mailoutbox):
    wish(scene.author, pace="daily")
    wish(scene.outsider, pace="daily")
    scene.send_back()
    assert mail_digests(at=MORNING.replace(hour=4)) == 0
    assert mail_digests(at=MORNING) == 1
    assert mail_digests(at=MORNING.replace(hour=9)) == 0
    letter = to(mailoutbox, scene.author)[0]
    assert "What happened" in letter.body
    assert "Answer what the reviewers ask for" in letter.body
    assert to(mailoutbox, scene.outsider) == []


def test_daily_letters_do_not_come_at_once(scene, mailoutbox):
    wish(scene.author, pace="daily")
    scene.send_back()
    mail_due()
    assert to(mailoutbox, scene.author) == []
    send_digests()
    assert Correspondence.objects.get(user=scene.author).pace == "daily"


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_letter_once(scene, mailoutbox, settings):
    scene.send_back()
    settings.EMAIL_BACKEND = f"{HERE}.Doubled"
    mail_due()
    addresses = [letter.to[0] for letter in mailoutbox]
    assert len(addresses) == len(set(addresses)) == 3
