import pytest
from django.template import Context, Template

from diary import figure
from diary.places import PLACES

LIST_ONLY = {"thumb-l", "thumb-r"}  # too small to be tapped on a figure


def drawn():
    return [
        shape.place
        for view in (figure.FRONT, figure.BACK, figure.FACE)
        for shape in figure.shapes(view)
    ]


def test_every_place_can_be_tapped_once_on_the_figures_or_is_in_the_list_only():
    assert len(drawn()) == len(set(drawn()))
    assert set(drawn()) == set(PLACES) - LIST_ONLY


def test_only_the_right_side_is_mirrored_because_left_is_the_persons_own_left():
    for view in (figure.FRONT, figure.BACK, figure.FACE):
        for shape in figure.shapes(view):
            assert shape.mirrored is shape.place.endswith("-r")


@pytest.mark.parametrize("key", PLACES)
def test_every_place_has_its_spot_on_the_small_figure(key):
    spot = figure.spot(PLACES[key])
    assert spot.dot or spot.outline


def test_a_tile_of_the_calf_shows_the_back_and_one_of_the_shin_the_front():
    assert figure.spot(PLACES["calf-l"]).view is figure.BACK
    assert figure.spot(PLACES["shin-l"]).view is figure.FRONT


def test_a_small_figure_is_drawn_by_the_key_of_its_place():
    drawing = Template("{% load figure %}{% mini_figure 'eyelid-r' %}").render(Context())
    assert 'class="hot" cx="62" cy="23"' in drawing
    assert "scale(-1 1)" in drawing
