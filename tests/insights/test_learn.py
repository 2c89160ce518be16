import pytest
from django.utils.html import escape

from insights.knowledge.library import library

pytestmark = pytest.mark.django_db


def page(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content, "utf-8")


def test_every_claim_reaches_a_page_with_its_source(client):
    reached = set()
    for topic in library().topics:
        path = "/learn/" if topic.slug == "in-short" else f"/learn/{topic.slug}/"
        html = page(client, path)
        for passage in topic.passages:
            assert passage.html in html
            assert passage.care in html
            assert passage.outside in html
            assert all(escape(source.title) in html for source in passage.sources)
            reached |= {*passage.claims}
    assert len(reached) == 117


def test_learn_lists_every_topic_in_order(client):
    html = page(client, "/learn/")
    places = [
        html.index(f'href="/learn/{topic.slug}/"')
        for topic in library().topics
        if topic.slug not in ("in-short", "medical-advice")  # the footer links to advice as well
    ]
    assert places == sorted(places)
    assert 'href="/learn/medical-advice/"' in html


@pytest.mark.parametrize("topic", library().topics, ids=lambda topic: topic.slug)
def test_a_page_says_what_a_diary_can_show_and_when_it_was_checked(client, topic):
    html = page(client, "/learn/" if topic.slug == "in-short" else f"/learn/{topic.slug}/")
    assert topic.diary in html
    assert "Last checked on 23 November 2026." in html
    assert "It still awaits a review by a clinician." in html


@pytest.mark.parametrize(
    "name", ["in-short", "astrology", "sleep%00", "x" * 10_000, "１２", "Sleep"]
)
def test_an_unknown_topic_is_not_found(client, name):
    assert client.get(f"/learn/{name}/").status_code == 404


def test_advice_has_three_cards_from_calm_to_urgent_with_the_level_in_words(client):
    html = page(client, "/learn/medical-advice/")
    places = [
        html.index(heading)
        for heading in (
            "You do not need to test your strength",
            "Plan a visit, no rush",
            "Ask for an appointment this week",
            "Call your emergency number now",
        )
    ]
    assert places == sorted(places)
    assert html.count('class="advice ') == 3


def test_weakness_and_numbness_are_a_reason_to_ask_this_week(client):
    html = page(client, "/learn/medical-advice/")
    card = html.partition("an appointment this week")[2].partition("Call your")[0]
    for sign in ("Weakness", "Numbness", "looks smaller", "swallowing", "heartbeat"):
        assert sign in card


def test_advice_shows_the_emergency_number_of_this_site(client, settings):
    settings.EMERGENCY_NUMBER = "112"
    assert "Call 112 now" in page(client, "/learn/medical-advice/")


def test_the_questions_are_offered_to_who_can_keep_the_answers(client, alice):
    assert 'href="/check/"' not in page(client, "/learn/medical-advice/")
    client.force_login(alice)
    assert 'href="/check/"' in page(client, "/learn/medical-advice/")


def test_advice_and_learn_need_no_account(client):
    assert client.get("/learn/medical-advice/").status_code == 200
    assert client.get("/learn/sleep/").status_code == 200


@pytest.mark.parametrize("path", ["/learn/", "/learn/sleep/", "/learn/medical-advice/"])
def test_a_page_to_read_takes_nothing(client, path):
    assert client.post(path).status_code == 405


def test_a_raised_sign_links_to_advice_where_it_is_named(client):
    html = page(client, "/learn/food-and-minerals/")
    note = html.partition('<div class="note">')[2].partition("</div>")[0]
    assert "Weakness, numbness" in note
    assert 'href="/learn/medical-advice/"' in note
