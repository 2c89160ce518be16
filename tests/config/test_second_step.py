"""Where the operator demands a second step, a password alone opens no diary."""

from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from diary.models import Twitch
from tests.test_access import OWN, address, written

__all__ = ["written"]

NOTE = {"place": ["calf-l"], "when": "0", "duration": "seconds"}
OF_THE_DIARY = sorted(name for name in OWN if not name.startswith(("account_", "mfa_")))


@pytest.fixture
def demanded(settings, page):
    """Alice, signed in by her password, where more is asked for."""
    settings.SECOND_STEP_DEMANDED = True
    return page


@pytest.mark.parametrize("name", OF_THE_DIARY)
def test_every_page_of_a_diary_leads_to_setting_one_up_first(demanded, written, name):
    Authenticator.objects.all().delete()  # alice wrote one of everything
    answer = demanded.get(address(name, written))
    assert (answer.status_code, answer["Location"]) == (303, reverse("mfa_index"))


def test_the_page_that_it_leads_to_says_why_and_works(demanded):
    page = demanded.get(reverse("mfa_index")).content.decode()
    assert "This server asks everybody for one of the two" in page
    assert "None of this is needed" not in page
    assert demanded.get(reverse("mfa_activate_totp"), follow=True).status_code == 200
    assert demanded.post(reverse("account_logout")).status_code == 302


def test_what_is_sent_meanwhile_is_refused_and_stays_on_its_page(demanded):
    form = NOTE | {"form": uuid4()}
    assert demanded.post(reverse("log"), form).status_code == 303
    by_htmx = demanded.post(reverse("log"), form, headers={"HX-Request": "true"})
    assert by_htmx.status_code == 403
    assert "then save it here once more" in by_htmx.content.decode()
    assert not Twitch.objects.exists()


def test_with_a_second_step_the_diary_opens_and_recovery_codes_are_none(demanded, alice):
    RecoveryCodes.activate(alice)
    assert demanded.get(reverse("today")).status_code == 303
    TOTP.activate(alice, generate_totp_secret())
    assert demanded.get(reverse("today")).status_code == 200


def test_the_sample_opens_for_everybody_and_elsewhere_nothing_is_demanded(demanded, settings):
    demanded.post(reverse("sample-open"))
    assert demanded.get(reverse("today")).status_code == 200
    demanded.post(reverse("sample-close"))
    assert demanded.get(reverse("today")).status_code == 303
    settings.SECOND_STEP_DEMANDED = False
    assert demanded.get(reverse("today")).status_code == 200
