"""The figures with their numbers, worked out without any page."""

from diary.bodies import SIDES_AT, bodies
from diary.places import PLACES


def test_no_line_that_leads_to_a_part_strikes_out_a_letter_of_the_sides():
    top = SIDES_AT - 12
    for body in bodies(dict.fromkeys(PLACES, 1), clinical=True):
        assert not [label for label in body.labels if top <= label.y <= SIDES_AT + 2]


def test_a_clinician_is_faced_by_the_front_and_sees_the_back_as_it_stands():
    front, back = bodies({"calf-l": 7, "shin-l": 3}, clinical=True)
    assert [body.right_first for body in (front, back)] == [True, False]
    assert [(label.notes, label.on_left) for label in front.labels] == [(3, False)]
    assert [(label.notes, label.on_left) for label in back.labels] == [(7, True)]


def test_for_the_person_left_is_their_own_left_on_both():
    front, back = bodies({"calf-l": 7, "shin-l": 3}, clinical=False)
    assert [body.right_first for body in (front, back)] == [False, False]
    assert [(label.notes, label.on_left) for label in front.labels] == [(3, True)]
    assert [(label.notes, label.on_left) for label in back.labels] == [(7, True)]
