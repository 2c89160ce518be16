"""What a server says to whoever found a weakness in it."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from config import env


def fields(answer):
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


def test_who_found_a_weakness_reads_where_to_write_to(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    assert reverse("security-txt") == "/.well-known/security.txt"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    said = fields(answer)
    assert said["Contact"] == "mailto:security@example.org"
    assert said["Preferred-Languages"] == "en, de"
    assert said["Canonical"] == "http://testserver/.well-known/security.txt"
    ends = datetime.fromisoformat(said["Expires"])
    assert now() < ends < now() + timedelta(days=366)


def test_without_an_address_there_is_no_such_file(client, settings):
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", ""),
        ("security@example.org", "mailto:security@example.org"),
        ("https://example.org/security", "https://example.org/security"),
    ],
)
def test_an_address_or_a_page_can_be_given(monkeypatch, given, read):
    monkeypatch.setenv("EBB_SECURITY_CONTACT", given)
    assert env.contact("EBB_SECURITY_CONTACT") == read
