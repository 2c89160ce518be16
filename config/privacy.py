"""The page that says what is kept of a person, why, for how long, and who answers for it.

What Ebb does stands in here. Who runs this server, and what they do beside Ebb, comes from the
settings; what they left out is said plainly to whoever reads the page.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from .http import same_for_everybody

type Text = str | Promise


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing that is kept: what it is, what for, on what ground and how long."""

    name: Text
    what: Text
    why: Text
    ground: Text
    how_long: Text


AGREED = _("You agreed: Art. 6(1)(a) and Art. 9(2)(a) of the GDPR.")
ACCOUNT = _("It is needed for what you asked for, an account: Art. 6(1)(b) of the GDPR.")
SAFETY = _("It is in everybody’s interest that diaries stay safe: Art. 6(1)(f) of the GDPR.")

KEPT = (
    Kept(
        _("Your diary"),
        _(
            "Twitches with place, time and length, cramps and tremors, sleep, caffeine, drinks, "
            "stress and whatever else you choose to note, medicines, answers to the symptoms "
            "check, breaks, your words, and your settings."
        ),
        _("To show it to you, and to make the files that you ask for."),
        AGREED,
        _(
            "Until you delete it or your account. A note that you removed can be brought back for "
            "30 days and is then deleted."
        ),
    ),
    Kept(
        _("What is worked out from it"),
        _("Weekly summaries and comparisons, and what you said of each suggestion."),
        _("To show you your own pattern."),
        AGREED,
        _("As long as the days they are about."),
    ),
    Kept(
        _("Files that you bring, and reports"),
        _("The file itself, its name, which rows were taken in, and the report as a PDF."),
        _("To take in what you bring, to undo that, and to hand you the report."),
        AGREED,
        _(
            "A file is deleted once it is taken in, or after a day; what was taken in can be "
            "undone as long as the account is there. A report is deleted after a day."
        ),
    ),
    Kept(
        _("Links that you share"),
        _("Which days and parts a link shows, until when, and the time of each opening."),
        _("To open the report to whoever you give the link, and to show you that it was opened."),
        AGREED,
        _("A link opens for 1 to 30 days. It stays in your list until you delete your account."),
    ),
    Kept(
        _("Your account"),
        _(
            "E-mail address, a hash of the password, passkeys and codes, and of each device that "
            "is signed in its browser, network address and when it was last here."
        ),
        _("To let you in and nobody else."),
        ACCOUNT,
        _("Until you delete your account. A device: until it is signed out, at most 90 days."),
    ),
    Kept(
        _("What you agreed to"),
        _("The version of the words, their language, and when you agreed or took it back."),
        _("To be able to show that you did."),
        _("The law asks for it: Art. 7(1) with Art. 6(1)(c) of the GDPR."),
        _("Until you delete your account."),
    ),
    Kept(
        _("Tries at signing in"),
        _("How often it was tried, by network address and by a hash of the e-mail address."),
        _("To slow down whoever guesses passwords."),
        SAFETY,
        _("They count for minutes, and are deleted within a day."),
    ),
    Kept(
        _("Lines of the log"),
        _(
            "The number of an account, a network address, and what kind of fault or change it "
            "was. Never what you write, and never an e-mail address."
        ),
        _("To find faults and break-ins."),
        SAFETY,
        "",  # as whoever runs this server says
    ),
    Kept(
        _("On your device"),
        _(
            "A cookie that keeps you signed in, one that protects forms, empty pages for when "
            "there is no connection, how it shows times and drinks, and notes that wait to be "
            "sent."
        ),
        _("So that Ebb works. Nothing counts visits or follows you."),
        ACCOUNT,
        _(
            "The cookies up to a year. Notes until they were sent. What is about you goes when you "
            "sign out or clear the device in Settings."
        ),
    ),
)


@login_not_required
@require_safe
@same_for_everybody
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, why, for how long, who answers for it, and what a person can ask for."""
    context = {
        "operator": settings.OPERATOR,
        "kept": KEPT,
        "is_whole": not settings.OPERATOR.unsaid,
    }
    return render(request, "privacy.html", context)
