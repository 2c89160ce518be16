"""Everybody can use every page in each of its states, at every size and in every theme.

States on the way through something longer are looked at there: signing in, experiments, no
connection.
"""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as product
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from diary import recording, reminding
from diary.imports import work
from diary.models import BATCH_TRIES, Batch, Diary, Medicine
from insights import compute
from insights.models import FILE_TRIES, ReportFile, Share
from insights.sharing import links
from tests.test_access import written

from .conftest import SIZES, SMALL, faults
from .walk import PASSWORD, every_page

__all__ = ["written"]

pytestmark = pytest.mark.django_db(transaction=True)

# What an empty diary shows otherwise than one in which something is written.
EMPTY = ["today", "log", "log-which", "diary", "insights", "import", "check", "medicines", "report"]
EMPTY += ["where", "shares", "suggestions", "experiments", "factors", "mfa_list_webauthn"]
SAMPLE = ["today", "diary", "insights", "settings", "report", "medicines", "claims", "suggestions"]
SAMPLE += ["where", "shares", "factors", "mfa_index"]
SEND = """([path, fields]) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: path });
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, ...fields }))
        form.append(Object.assign(document.createElement("input"), { name, value }));
    form.hidden = true;
    document.body.append(form);
    form.submit();
}"""
SPOILT = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        [data-theme="bedside"] h1 { color: #333 !important; }
        @media (max-width: 330px) { .foot { inline-size: 600px; } }
    `);
    document.adoptedStyleSheets = [sheet];
}"""
TABLE = """Datum;Ort;Kaffee
01.11.2026 08:30;Wade;2
31.02.2026;Wade;1
"""


@pytest.fixture
def look():
    """Look at what is open, or at an address; what was found is told of all of them together."""
    found = []

    def looked(page, path=None):
        if path:
            page.goto(path)
        found.extend(faults(page))

    yield looked
    assert not found, "\n".join(found)


def send(page, path, **fields):
    """Send a form of no page from the open one, and go where that leads."""
    with page.expect_navigation():
        page.evaluate(SEND, [path, fields])


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def refused(page):
    """Wait for the list of what to look at again."""
    expect(page.locator("#errors")).to_be_focused()


def without_asking_again(page):
    """A part that asks for itself anew each second does not do so while it is looked at."""

    def asked(route):
        polls = "hx-request" in route.request.headers
        route.abort() if polls else route.continue_()

    page.route("**/*", asked)


def test_what_keeps_somebody_out_is_noticed_in_the_look_that_has_it(browse, db):
    out = browse()
    out.goto(reverse("advice"))
    out.evaluate(SPOILT)
    found = faults(out)
    assert {line.partition(": ")[0] for line in found if "color-contrast" in line} == {
        f"bedside, {size['width']} px" for size in SIZES
    }
    assert [line for line in found if "color-contrast" not in line] == [
        f"{out.url} is wider than {SMALL['width']} px"
    ]


def test_everybody_can_use_every_page(browse, client, alice, written, look, settings):
    def opened(client=None):
        page = browse(client=client)
        without_asking_again(page)
        return page

    every_page(opened, client, alice, written, settings, look)


def test_everybody_can_use_an_empty_diary(browse, page, look):
    own = browse(client=page)
    for name in EMPTY:
        look(own, reverse(name))


def test_everybody_can_use_half_a_year(sample, look):
    full = sample()
    for name in SAMPLE:
        look(full, reverse(name))
    full.goto("/insights/")
    full.locator(".factor a").first.click()  # one comparison in full
    full.wait_for_url("**/caffeine/")
    look(full)
    look(full, re.sub("caffeine/$", "", full.url))


def test_everybody_can_use_days_and_notes(browse, page, alice, look):
    own = browse(client=page)
    diary, now = Diary.objects.filter(owner=alice), timezone.now()
    day = diary.get().today(now)
    recording.mark_clear(alice, day, now)
    look(own, "/today/")
    recording.unmark_clear(alice, day, now)
    for n in range(6):
        when = recording.When.at(now - timedelta(minutes=n), diary.get())
        text = recording.NoteText(when, "minutes", words="lying down")
        note = recording.note(alice, uuid4(), ["calf-l"], text, now).notes[0]
    recording.remove([note], alice, now)
    look(own, "/today/")  # notes, one of them taken back
    recording.restore([note], alice, now)
    look(own, "/today/")  # the offer to note it once
    for step in (1, 2, 3, 4):
        look(own, f"/welcome/{step}/")
    look(own, "/diary/?show=clear")  # a filter that finds nothing
    look(own, f"/days/{day}/")
    diary.update(noting="daily")
    look(own, "/today/")
    diary.update(quiet=True, clock="12", week_start=6)
    look(own, "/diary/")
    look(own, "/insights/")
    recording.take_break(alice, day, day + timedelta(days=3), now)
    look(own, "/today/")
    look(own, "/settings/")
    recording.remove_medicine(_medicine(alice, now), now)
    look(own, "/medicines/")  # the offer to put it back


def _medicine(owner, now):
    text = recording.MedicineText("Magnesium", "supplement", None, None, "")
    recording.add_medicine(owner, uuid4(), text, now)
    return Medicine.objects.of(owner).get()


def test_everybody_can_read_what_went_otherwise(browse, page, alice, look):
    own = browse(client=page)
    own.goto("/log/")
    press(own, "Save note")
    refused(own)
    look(own)
    own.goto("/settings/drinks/")
    own.locator("#mg-coffee").fill("much")
    press(own, "Save")
    refused(own)
    look(own)
    own.goto("/settings/")
    own.locator("#glass_ml").fill("1")
    own.locator("#glass_ml").press("Tab")
    own.locator("#settings [aria-invalid]").wait_for()
    look(own)
    own.goto("/log/")
    own.locator("[data-loc=shin-r]").click()
    own.route("**/log/", lambda route: route.abort())
    press(own, "Save note")
    own.get_by_text("Saved on this phone.").wait_for()
    look(own)
    own.unroute("**/log/")
    diary = Diary.objects.get(owner=alice)
    now = timezone.now()
    for days_ago in range(15, 24):
        when = recording.When.at(now - timedelta(days=days_ago), diary)
        recording.note(alice, uuid4(), ["calf-l"], recording.NoteText(when, "seconds"), now)
    compute.recompute(diary.pk, now)
    look(own, "/insights/")  # a week of blank days
    ahead = (3 - now.hour + 11) % 24 - 11  # in one zone of the world it is three o'clock
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
    Diary.objects.filter(owner=alice).update(zone=zone, day_start_hour=8)
    look(own, "/today/")  # after midnight
    own.goto("/log/")
    own.locator("[data-loc=shin-r]").click()
    own.context.clear_cookies(name=product.SESSION_COOKIE_NAME)
    press(own, "Save note")
    own.get_by_text("You were signed out.").wait_for()
    look(own)


def test_everybody_can_read_faults_and_refusals(browse, page, look, monkeypatch):
    own = browse(client=page)
    look(own, "/today/no-such-page/")
    for fault, heading in (
        (RuntimeError, "Something on our side did not work"),
        (OperationalError, "One moment, please"),
        (PermissionDenied, "This page is closed"),
    ):

        def met(*args, fault=fault, **named):
            raise fault

        with monkeypatch.context() as patch:
            patch.setattr("diary.views.today.page", met)
            patch.setattr("diary.views.medicines.recording.add_medicine", met)
            own.goto("/today/")
            expect(own.get_by_role("heading", level=1)).to_have_text(heading)
            look(own)
            if fault is OperationalError:  # with what was sent
                own.goto("/medicines/")
                pills = {"form": str(uuid4()), "name": "Pills", "kind": "medicine", "version": "0"}
                send(own, "/medicines/", **pills)
                expect(own.get_by_role("button", name="Try again")).to_be_visible()
                look(own)
    own.goto("/medicines/")
    send(own, "/medicines/", csrfmiddlewaretoken="x", name="Pills")
    expect(own.get_by_role("heading", level=1)).to_have_text("Please send it once more")
    look(own)
    own.goto("/medicines/")
    send(own, "/medicines/", ebb_account="another", name="Pills")
    expect(own.get_by_role("heading", level=1)).to_have_text("This is another diary")
    look(own)
    own.goto("/medicines/")
    send(own, "/accounts/logout/", csrfmiddlewaretoken="x")  # nothing that a page may repeat
    look(own)
    own.goto("/medicines/")
    send(own, "/medicines/", **{f"field-{n}": "x" for n in range(1_200)})
    look(own)
    out = browse()
    look(out, "/nowhere/")
    out.goto(reverse("account_login"))
    for _try in range(30):
        Client().post(reverse("account_login"), {"login": "", "password": ""})
    press(out, "Sign in")
    expect(out.get_by_role("heading", level=1)).to_have_text("A short pause")
    cache.clear()  # no table of a model, so the next test would meet the count
    look(out)


def test_everybody_can_turn_reminders_off(browse, alice, look):
    Diary.objects.filter(owner=alice).update(remind_at=21)
    anybody = browse()
    anybody.goto(reverse("account_reminders_off", args=[reminding.token(alice)]))
    press(anybody, "Turn them off")
    anybody.get_by_text("They are off.").wait_for()
    look(anybody)


def test_everybody_can_make_and_confirm_an_account_and_choose_another_password(
    browse, look, settings
):
    settings.SIGNUP, settings.HAS_MAIL = "open", True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    out = browse()
    out.goto(reverse("account_signup"))
    press(out, "Make my account")
    refused(out)
    look(out)
    out.get_by_label("E-mail address").fill("new@example.org")
    out.get_by_label("Password", exact=True).fill(PASSWORD)
    out.get_by_label("I agree").check()
    press(out, "Make my account")
    out.wait_for_url("**/confirm-email/")
    look(out)
    look(out, letter())
    press(out, "Yes, confirm it")
    out.wait_for_url(re.compile("/(welcome|login)/"))
    out.context.clear_cookies()
    out.goto(reverse("account_reset_password"))
    press(out, "Send me a link")
    refused(out)
    look(out)
    out.get_by_label("E-mail address").fill("new@example.org")
    press(out, "Send me a link")
    out.wait_for_url("**/password/reset/done/")
    look(out)
    look(out, letter())
    press(out, "Save password")
    refused(out)
    look(out)
    for field in out.locator("input[type=password]").all():
        field.fill("a new and longer password")
    press(out, "Save password")
    out.wait_for_url("**/password/reset/key/done/")
    look(out)
    out.goto(reverse("account_login"))
    press(out, "Sign in")
    refused(out)
    look(out)
    settings.MAILERS = {"default": {"BACKEND": "tests.config.test_sessions.Away"}}
    out.goto(reverse("account_reset_password"))
    out.get_by_label("E-mail address").fill("new@example.org")
    press(out, "Send me a link")
    expect(out.get_by_role("heading", level=1)).to_have_text("One moment, please")
    look(out)
    settings.SIGNUP = "first"
    look(out, reverse("account_signup"))


def letter():
    """Where the last letter leads."""
    found = re.search(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)
    return found[1]


def test_everybody_can_change_addresses_and_passwords(browse, page, alice, look, settings):
    settings.HAS_MAIL = True
    for email, verified in ((alice.email, True), ("other@example.org", False)):
        alice.emailaddress_set.update_or_create(email=email, verified=verified, primary=verified)
    own = browse(client=page)
    look(own, reverse("account_email"))
    press(own, "Add this address")
    refused(own)
    look(own)
    own.goto(reverse("account_change_password"))
    press(own, "Save password")
    refused(own)
    look(own)
    settings.SECOND_STEP_DEMANDED = True
    own.goto("/today/")
    expect(own).to_have_url(re.compile("/2fa/"))
    look(own)


def test_everybody_can_delete_or_keep_an_account_and_agree_to_new_words(browse, sure, alice, look):
    own = browse(client=sure)
    for name in ("account_leave", "account_consent", "account_consent_withdraw"):
        look(own, reverse(name))
    sure.post(reverse("account_consent_withdraw"))
    own.goto(reverse("today"))
    expect(own.get_by_role("button", name="Keep my account")).to_be_visible()
    look(own)
    Diary.objects.filter(owner=alice).update(agreed_to=0, leaves_at=None)
    own.goto(reverse("today"))
    press(own, "Go on with my diary")
    refused(own)
    look(own)


def test_everybody_can_answer_a_symptoms_check(browse, page, look):
    own = browse(client=page)
    own.goto(reverse("check"))
    press(own, "Save answers")
    refused(own)
    look(own)
    for question, answer, heading in (
        ("speech", "Not sure", "Ask for an appointment this week"),
        ("medicine", "Yes", "Plan a visit, no rush"),
        ("feeling", "No", ""),
    ):
        own.goto(reverse("check"))
        own.locator(f"#{question}").get_by_label(answer, exact=True).check(force=True)
        press(own, "Save answers")
        own.wait_for_url("**/check/*-*/")
        headings = own.locator(".advice h2")
        assert [told.strip() for told in headings.all_inner_texts()] == [heading][: bool(heading)]
        look(own)


def test_everybody_can_bring_a_file(browse, page, alice, look):
    own = browse(client=page)
    without_asking_again(own)
    own.goto("/import/")
    press(own, "Look at it")
    refused(own)
    look(own)

    def bring(name, data):
        own.goto("/import/")
        file = {"name": name, "mimeType": "text/csv", "buffer": data.encode()}
        own.get_by_label("File", exact=True).set_input_files([file])
        press(own, "Look at it")
        own.wait_for_url("**/import/*-*/")
        return Batch.objects.latest("pk")

    def worked(batch, state):
        work.work_on(batch.pk, timezone.now())
        own.goto(f"/import/{batch.uuid}/")
        batch.refresh_from_db()
        assert batch.state == state

    worked(bring("holiday.png", "no table"), Batch.State.REFUSED)
    look(own)
    batch = bring("zuckungen.csv", TABLE)
    look(own)  # being read
    worked(batch, Batch.State.ASKING)
    look(own)
    own.get_by_role("link", name="Say what is in it").click()
    own.get_by_label("Which column holds the day?").select_option("Datum")
    look(own)
    own.get_by_label("Which column says what or where it was?").select_option("Ort")
    press(own, "Go on")
    worked(batch, Batch.State.ASKING)
    own.get_by_role("link", name="Say what is in it").click()
    own.get_by_label("Wade").select_option(label="Left calf")
    look(own)
    press(own, "Go on")
    worked(batch, Batch.State.READ)
    expect(own.get_by_text("zuckungen.csv, line 3: Its day can’t be read.")).to_be_visible()
    look(own)
    press(own, "Take in what can be read")
    own.get_by_text("The file is being taken in").wait_for()
    look(own)
    worked(batch, Batch.State.TAKEN)
    look(own)
    press(own, "Undo all of it")
    own.get_by_text("was taken out again").wait_for()
    look(own)
    look(own, "/import/")  # with a list of files
    Batch.objects.update(state=Batch.State.ASKED, tries=BATCH_TRIES)
    look(own, f"/import/{batch.uuid}/")  # given up


def test_everybody_can_hand_a_report_over(browse, page, alice, look):
    own, now = browse(client=page), timezone.now()
    without_asking_again(own)
    recording.add_medicine(
        alice, uuid4(), recording.MedicineText("Magnesium", "supplement", None, None, ""), now
    )
    look(own, "/report/?period=dates&first=2026-11-20&last=2026-11-01")  # choices that can't be
    own.goto("/report/shares/")
    choices = {"period": "six-weeks", "part": "medicines"}
    send(own, "/report/shares/", **choices, days="400", pin="x")
    refused(own)
    look(own)
    send(own, "/report/shares/", **choices, days="14", pin="4711")
    link = own.locator("#made input").input_value()
    share = Share.objects.get()
    links.revoke(_copy(share), now)
    Share.objects.filter(pk=_copy(share).pk).update(expires_at=now)
    Share.objects.filter(pk=_copy(share).pk).update(wrong_pins=5)
    look(own)
    look(own, "/report/shares/")
    clinician = browse()
    look(clinician, link.partition("#")[0])
    clinician.goto("about:blank")
    look(clinician, link)
    press(clinician, "Open the report")
    refused(clinician)
    look(clinician)  # as a link that has ended or was taken back
    clinician.get_by_label("PIN").fill("4711")
    press(clinician, "Open the report")
    clinician.get_by_role("button", name="Print").wait_for()
    look(clinician)
    for tries in (0, FILE_TRIES):  # being made, given up
        file = ReportFile.objects.create(
            owner=alice,
            uuid=uuid4(),
            scope={},
            language="en-gb",
            tries=tries,
            expires_at=now + timedelta(days=1),
        )
        look(own, reverse("report-file", args=[file.uuid]))


def _copy(share):
    share.pk, share.uuid = None, uuid4()
    share.save(force_insert=True)
    return share
