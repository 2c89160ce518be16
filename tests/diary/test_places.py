import re

from diary.places import AT_MOST, COMMON, PLACES, REGION_OF, REGIONS, names


def test_every_place_has_its_own_key_and_its_own_name():
    assert len({place.name for place in PLACES.values()}) == len(PLACES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", key) for key in PLACES)
    assert sum(len(site.places) for region in REGIONS for site in region.sites) == len(PLACES)


def test_left_and_right_roll_up_to_the_same_part_of_the_body():
    assert REGION_OF["calf-l"] == REGION_OF["calf-r"] == "legs"
    assert REGION_OF["eyelid-l"] == "face"
    assert set(REGION_OF) == set(PLACES)


def test_a_place_is_named_as_a_person_says_it():
    assert PLACES["calf-l"].name == "Left calf"
    assert PLACES["back-upper-arm-r"].name == "Back of right upper arm"
    assert PLACES["forehead"].name == "Forehead"
    assert names(["calf-l", "nose"]) == "Left calf, Nose"


def test_the_tiles_of_a_new_diary_are_places():
    assert set(COMMON) <= set(PLACES)
    assert len(COMMON) == 4 <= AT_MOST
