"""Signing in by passkey, by a code from an app, and on the day on which the phone is lost."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse
from playwright.sync_api import expect

from diary.models import Twitch
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.insights.entries import note, running_day

from .conftest import faults

SECRET = "only alice wrote this"
EMAIL = "alice@example.org"
PASSWORD = "a long enough password"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def device(browse, alice):
    """A browser on a device that holds passkeys and knows its owner's finger."""
    page = browse()
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def sign_in(page, password=PASSWORD):
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def give_password(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Your password once more")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")


def sign_out(page):
    page.goto(reverse("account_logout"))
    press(page, "Sign out")
    page.wait_for_url(re.compile(r"//[^/]+/$"))


def code_of(secret):
    """What an app shows now; a code that could end before it is typed is waited out."""
    while time.time() % 30 > 25:
        time.sleep(0.2)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def start_codes(page):
    """Switch codes on. Returns the secret and the recovery codes."""
    page.goto(reverse("mfa_index"))
    follow(page, "Use codes from an app")
    give_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Codes from an app")
    drawn = page.locator(".qr").evaluate("image => image.complete && image.naturalWidth")
    assert drawn > 0
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code").fill(code_of(secret))
    press(page, "Ask for codes from now on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    return secret, page.locator(".codes code").all_inner_texts()


def test_a_passkey_signs_in_alone_and_is_asked_for_before_it_goes(device):
    sign_in(device)
    device.wait_for_url("**/today/")
    device.goto(reverse("settings"))
    follow(device, "Passkeys and codes")
    follow(device, "Add a passkey")
    give_password(device)
    device.get_by_label("A name for this passkey").fill("My phone")
    press(device, "Add this device")
    expect(device.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    sign_out(device)

    device.goto(reverse("account_login"))
    press(device, "Sign in with a passkey")
    device.wait_for_url("**/today/")

    device.goto(reverse("mfa_list_webauthn"))
    expect(device.get_by_text("My phone")).to_be_visible()
    device.get_by_role("link", name="Remove My phone").click()
    expect(device.get_by_role("heading", level=1)).to_have_text("Your password once more")
    follow(device, "Use a passkey")
    assert not faults(device)
    press(device, "Use a passkey")
    expect(device.get_by_role("heading", level=1)).to_have_text("Remove a passkey")
    press(device, "Remove it")
    expect(device.get_by_text("You have no passkey.")).to_be_visible()


def test_a_passkey_that_is_called_off_is_told_in_words(device):
    device.add_init_script(
        "navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
    )
    device.goto(reverse("account_login"))
    press(device, "Sign in with a passkey")
    expect(device.get_by_text("Nothing has changed. You can try again.")).to_be_visible()


def test_a_code_from_an_app_is_asked_for_after_the_password(browse, alice):
    page = browse()
    sign_in(page)
    secret, _codes = start_codes(page)
    sign_out(page)
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")
    page.goto(reverse("today"))
    expect(page).to_have_url(re.compile("/2fa/authenticate/"))
    page.get_by_label("Code").fill("000000")
    press(page, "Sign in")
    expect(page.locator("#errors")).to_be_focused()
    assert not faults(page)
    used_up = code_of(secret)
    page.get_by_label("Code").fill(used_up)
    press(page, "Sign in")
    page.wait_for_url("**/today/")

    page.goto(reverse("mfa_index"))
    assert not faults(page)
    follow(page, "Stop asking for codes")
    give_password(page)
    press(page, "Stop asking for codes")
    expect(page.get_by_text("Codes are no longer asked for.")).to_be_visible()
    sign_out(page)
    sign_in(page)
    page.wait_for_url("**/today/")


def test_whoever_lost_the_phone_signs_in_with_a_recovery_code_once(browse, alice):
    page = browse()
    sign_in(page)
    _secret, codes = start_codes(page)
    assert len(codes) == 10
    sign_out(page)
    sign_in(page)
    page.get_by_label("Code").fill(codes[0])
    press(page, "Sign in")
    page.wait_for_url("**/today/")
    sign_out(page)
    sign_in(page)
    page.get_by_label("Code").fill(codes[0])
    press(page, "Sign in")
    expect(page.locator("#errors")).to_be_focused()
    page.get_by_label("Code").fill(codes[1])
    press(page, "Sign in")
    page.wait_for_url("**/today/")
    page.goto(reverse("mfa_index"))
    expect(page.get_by_text("8 codes are left.")).to_be_visible()


def test_the_device_list_signs_out_another_browser(browse, alice):
    here, there = browse(), browse()
    for page in (here, there):
        sign_in(page)
        page.wait_for_url("**/today/")
    here.goto(reverse("account_devices"))
    press(here, "Sign out every other device")
    give_password(here)
    press(here, "Sign out every other device")
    expect(here.get_by_text("Every other device is signed out.")).to_be_visible()
    assert not faults(here)
    there.goto(reverse("today"))
    expect(there).to_have_url(re.compile("/accounts/login/"))


@pytest.fixture
def remembering(chromium, live_server):
    """A browser that keeps whole pages for Back, as it does for people and not for tests."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM,
        args=CHROMIUM_FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser.new_page(base_url=live_server.url)
    browser.close()


def test_back_after_signing_out_shows_nothing_of_the_diary(remembering, alice):
    note(alice, running_day(alice))
    Twitch.objects.update(words=SECRET)
    page = remembering
    sign_in(page)
    page.wait_for_url("**/today/")
    seen = ["settings", "log", "diary"]
    for name in seen:
        page.goto(reverse(name))
    expect(page.get_by_text(SECRET)).to_be_visible()
    sign_out(page)
    for _step in range(len(seen) + 1):
        page.go_back()
        assert SECRET not in page.content()
        assert "alice@" not in page.content()
    expect(page.get_by_label("E-mail address")).to_be_visible()
