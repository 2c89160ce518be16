"""The privacy notice: what is kept and why, and who runs the server, or that nobody said so."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import translation

from config import checks, env, operator

NOBODY = operator.Operator("", "", "", "", 0, 0, "", [], "")
SOMEBODY = operator.Operator(
    "Alba Quist <b>",
    "Kirchweg 3, 12345 Ort",
    "privacy@example.org",
    "Germany",
    30,
    14,
    "Bo Lind",
    ["Rack & Sons", "Mail GmbH"],
    "The commissioner of Ort",
)


class Text(HTMLParser):
    """The words of a page."""

    def __init__(self, html):
        super().__init__()
        self.said = ""
        self.feed(html)

    def handle_data(self, data):
        self.said += " " + data.strip()


def notice(client, **headers):
    answer = client.get(reverse("privacy"), headers=headers)
    assert answer.status_code == 200
    return " ".join(Text(answer.content.decode()).said.split())


@pytest.mark.django_db
def test_anybody_can_read_it_from_every_page_and_before_agreeing(client):
    for name in ("home", "account_signup", "advice"):
        assert f'href="{reverse("privacy")}"' in client.get(reverse(name)).content.decode()
    assert "What is kept, and why" in notice(client)


@pytest.mark.django_db
def test_it_says_everything_that_who_runs_the_server_filled_in(client, settings):
    settings.OPERATOR = SOMEBODY
    said = notice(client)
    for part in (
        "Alba Quist <b>",
        "Kirchweg 3, 12345 Ort",
        "privacy@example.org",
        "Germany",
        "kept for 30 days",
        "14 days, says who runs",
        "Bo Lind",
        "Rack & Sons, Mail GmbH",
        "The commissioner of Ort",
    ):
        assert part in said
    assert "filled in" not in said


@pytest.mark.django_db
def test_it_says_plainly_what_nobody_filled_in(client, settings):
    settings.OPERATOR = NOBODY
    said = notice(client)
    assert "Not all of this has been filled in" in said
    assert said.count("not filled in") == 3
    assert "Country of the server not filled in" in said


@pytest.mark.django_db
def test_it_says_what_the_law_asks_for(client, settings):
    settings.OPERATOR = SOMEBODY
    said = notice(client)
    for part in (
        "Responsible",
        "Data protection officer",
        "On what ground",
        "Art. 9(2)(a)",
        "interest in safety",
        "Who else gets it",
        "another country",
        "How long",
        "Export",
        "Put it right",
        "Delete my account",
        "Object, or have it put on hold",
        "taken back at any time",
        "Complain",
        "No law or contract asks you",
        "No decision follows",
    ):
        assert part in said, part


@pytest.mark.django_db
def test_it_is_german_for_whoever_reads_german(client, settings):
    settings.OPERATOR = SOMEBODY
    said = notice(client, **{"Accept-Language": "de"})
    assert "Datenschutz" in said
    assert "Alba Quist <b>" in said


@pytest.mark.django_db
def test_it_promises_the_times_that_the_settings_hold(client):
    with translation.override("en-gb"):
        said = notice(client)
    assert f"at most {site.SESSION_COOKIE_AGE // 86_400} days" in said


@pytest.mark.django_db
def test_mail_is_named_only_where_there_is_some(client, settings):
    settings.HAS_MAIL = False
    assert "mail server" not in notice(client)
    settings.HAS_MAIL = True
    assert "mail server" in notice(client)


def test_a_check_before_deploying_warns_where_others_are_let_in_by_nobody(settings):
    settings.SIGNUP, settings.OPERATOR = "open", replace(SOMEBODY, country="", keeps_logs=0)
    (warning,) = checks.notice_is_whole()
    assert "EBB_COUNTRY, EBB_KEEP_LOGS" in warning.msg
    settings.SIGNUP = "first"
    assert checks.notice_is_whole() == []
    settings.SIGNUP, settings.OPERATOR = "open", replace(SOMEBODY, officer="", processors=[])
    assert checks.notice_is_whole() == []


@pytest.mark.parametrize("days", ["-1", "1.5", "１２", "30 days", "3651", "99999", "nan", ""])
def test_a_number_of_days_that_is_none_stops_the_start(monkeypatch, days):
    monkeypatch.setenv("EBB_KEEP_LOGS", days)
    with pytest.raises(ImproperlyConfigured, match="EBB_KEEP_LOGS must be a number of days"):
        env.days("EBB_KEEP_LOGS")


def test_who_runs_it_is_read_from_the_environment(monkeypatch):
    for name, variable in operator.VARIABLES.items():
        monkeypatch.setenv(variable, "7" if name.startswith("keeps") else f"{name}, too")
    said = operator.from_environment()
    assert (said.name, said.keeps_copies, said.processors) == (
        "name, too",
        7,
        ["processors", "too"],
    )
    assert said.unsaid == []
