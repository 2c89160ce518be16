from datetime import UTC, date, datetime, timedelta

from diary.tiles import Use, last_durations, ranked, tiles

TODAY = date(2026, 11, 23)
START = datetime(2026, 11, 23, 4, tzinfo=UTC)


def used(place, days_ago, *, hour=12, lasted="seconds"):
    day = TODAY - timedelta(days=days_ago)
    written = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Use(place, day, lasted, written)


def keys(*uses):
    return [tile.place.key for tile in tiles(uses, TODAY, START)]


def test_a_new_diary_offers_the_places_that_people_name_most():
    assert keys() == ["eyelid-l", "eyelid-r", "calf-l", "calf-r"]


def test_own_places_come_first_and_common_ones_fill_up():
    assert keys(used("thumb-l", 1), used("calf-r", 2)) == [
        "thumb-l",
        "calf-r",
        "eyelid-l",
        "eyelid-r",
    ]


def test_a_note_of_a_week_ago_counts_half():
    assert ranked([used("calf-l", 8), used("calf-l", 8), used("thumb-l", 1)], TODAY) == (
        "thumb-l",
        "calf-l",
    )
    assert ranked([*[used("calf-l", 8)] * 3, used("thumb-l", 1)], TODAY)[0] == "calf-l"


def test_of_two_places_used_alike_the_more_recent_comes_first():
    uses = [used("calf-l", 1, hour=9), used("thumb-l", 1, hour=21)]
    assert ranked(uses, TODAY) == ranked(uses[::-1], TODAY) == ("thumb-l", "calf-l")


def test_what_is_older_than_30_days_is_forgotten():
    assert ranked([used("calf-l", 31)], TODAY) == ()
    assert ranked([used("calf-l", 30)], TODAY) == ("calf-l",)


def test_tiles_stay_where_they_are_for_the_whole_diary_day():
    before = [used("thumb-l", 1), used("calf-l", 2)]
    today = [used("nose", 0)] * 9
    assert keys(*before, *today) == keys(*before)


def test_a_note_added_today_for_yesterday_moves_no_tile_either():
    late = Use("nose", TODAY - timedelta(days=1), "seconds", START + timedelta(hours=5))
    assert "nose" not in keys(late)


def test_a_tile_saves_the_duration_last_used_for_its_place():
    uses = [used("calf-l", 1, lasted="minutes"), used("calf-l", 3, lasted="hours")]
    assert last_durations(uses) == {"calf-l": "minutes"}
    assert tiles(uses, TODAY, START)[0].duration == "minutes"
    assert tiles([*uses, used("calf-l", 0, lasted="longer")], TODAY, START)[0].duration == "longer"


def test_a_place_that_was_never_noted_lasts_a_few_seconds():
    assert {tile.duration_name for tile in tiles([], TODAY, START)} == {"a few seconds"}


def test_usual_places_come_before_common_ones_and_after_what_was_noted():
    shown = tiles([used("chin", 1)], TODAY, START, ["thumb-l", "gone", "chin"])
    assert [tile.place.key for tile in shown] == ["chin", "thumb-l", "eyelid-l", "eyelid-r"]
