"""What can't be saved stays on the screen with what to write instead, in every form.

With scripts and without; what waits without a connection is in test_offline.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from diary import recording
from diary.factors import OwnFactor, Shape
from diary.models import Diary, Medicine

from .conftest import DESK, PHONE, faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("at_noon")]

LONG = "so many words " * 40
TOO_MANY = "Words must be 500 characters or fewer. You have"


@dataclass
class Slip:
    """A form, what is typed into its field `at`, the button if it needs one, and what is said."""

    path: str
    at: str
    typed: str
    button: str
    said: str


def slips(alice, now):
    """One of each form of the diary."""
    diary = Diary.objects.get(owner=alice)
    today = diary.today(now)
    text = recording.NoteText(recording.When.at(now, diary), "seconds")
    note = recording.note(alice, uuid4(), ["calf-l"], text, now).notes[0]
    recording.make_factor(alice, OwnFactor("Screens", Shape.AMOUNT), now)
    own = next(key for key in Diary.objects.get(owner=alice).factors if key.startswith("own"))
    pills = uuid4()
    recording.add_medicine(
        alice, pills, recording.MedicineText("Pills", Medicine.Kind.MEDICINE, today, None), now
    )
    ahead = (today + timedelta(days=9)).isoformat()
    back = (today - timedelta(days=9)).isoformat()
    return [
        Slip("/log/", "#words", LONG, "Save note", TOO_MANY),
        Slip(f"/notes/{note.uuid}/", "#words", LONG, "Save note", TOO_MANY),
        Slip(f"/notes/{note.uuid}/", "#day", ahead, "Save note", "Day must be today or earlier"),
        Slip(f"/days/{today}/", "#sleep", "all night", "Save", "Enter sleep in hours, such as 6.5"),
        Slip("/today/", "#sleep", "25", "", "Sleep must be between 0 and 24 hours"),
        Slip("/settings/", "#glass_ml", "1", "", "Glass size must be between 50 and 1000 ml"),
        Slip("/settings/", "#until", back, "Take a break", "The break must end today or later"),
        Slip(
            "/settings/drinks/",
            "#mg-coffee",
            "much",
            "Save",
            "Enter the caffeine of this drink as a number, such as 90",
        ),
        Slip(
            "/settings/factors/",
            "#name",
            "Caffeine",
            "Note this too",
            "You already note something by this name",
        ),
        Slip(
            f"/settings/factors/{own}/",
            "#name",
            "Caffeine",
            "Save",
            "You already note something by this name",
        ),
        Slip("/medicines/", "#words", LONG, "Put it on the list", TOO_MANY),
        Slip(
            f"/medicines/{pills}/", "#last", "1999-01-01", "Save", "must not come before the first"
        ),
        Slip("/check/", "#words", "as ever", "Save answers", "Answer at least one question"),
        Slip("/experiments/new/", "#first", back, "Start", "Day must be today or later"),
        Slip("/report/shares/", "#s-pin", "12", "Make a link", "Enter 4 to 8 digits"),
        Slip(
            f"/report/?period=dates&first={today}", "#r-last", back, "", "must come after the first"
        ),
        Slip("/welcome/3/", "#glass_ml", "1", "Go on", "between 50 and 1000 ml"),
        Slip("/accounts/password/change/", "#id_oldpassword", "", "Save password", "password"),
        Slip("/accounts/email/", "#id_email", "nobody", "Add this address", "e-mail"),
    ]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_can_not_be_saved_stays_with_what_to_write_instead(browse, page, alice, scripts):
    own = browse(DESK, page, java_script_enabled=scripts)
    wrong = []
    for slip in slips(alice, timezone.now()):
        own.goto(slip.path)
        if scripts:
            own.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        own.locator(slip.at).evaluate("(one, typed) => { one.value = typed }", slip.typed)
        if slip.button:
            own.get_by_role("button", name=slip.button, exact=True).first.click()
        elif scripts:
            own.locator(slip.at).dispatch_event("change")
        else:
            own.locator(slip.at).press("Enter")
        try:
            expect(own.get_by_role("alert").first).to_contain_text(slip.said)
            expect(own.locator(slip.at)).to_have_value(slip.typed)
            if slip.path != "/today/":  # where it stands beside the one field that it is about
                expect(own).to_have_title(re.compile("^Error: "))
        except AssertionError as what:
            wrong.append(f"{slip}: {str(what)[:400]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_who_is_signed_out_signs_in_in_another_tab_and_saves_what_was_typed(
    browse, page, alice, scripts
):
    own = browse(PHONE, page, java_script_enabled=scripts)
    own.goto("/medicines/")
    own.locator("#name").fill("Magnesium")
    own.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    own.get_by_role("button", name="Put it on the list").click()
    expect(own.get_by_role("heading", level=1)).to_have_text("You were signed out")
    if scripts:
        assert faults(own) == []
    with own.expect_popup() as opened:
        own.get_by_role("link", name="Sign in in a new tab").click()
    tab = opened.value
    tab.locator("#id_login").fill(alice.email)
    tab.locator("#id_password").fill("a long enough password")
    tab.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    tab.wait_for_url("**/today/")
    own.get_by_role("button", name="Save it now").click()
    if not scripts:  # the token of the page is of before signing in
        expect(own.get_by_role("heading", level=1)).to_have_text("Please send it once more")
        own.get_by_role("button", name="Save it now").click()
    own.get_by_text("Magnesium is on your list.").wait_for()
    assert Medicine.objects.of(alice).get().name == "Magnesium"
