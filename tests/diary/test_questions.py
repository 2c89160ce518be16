"""Questions that are put together once, and then asked of one person after another."""

from datetime import timedelta

from django.db.models import BigIntegerField, DateField, PositiveSmallIntegerField

from diary import kept, recording
from diary.models import Diary, Twitch
from diary.questions import Change, Given, Question

from .conftest import NOW, TODAY, Hand, back

DAY = timedelta(days=1)


def test_each_person_is_answered_with_their_own_notes(write, berlin, bob):
    write.note(TODAY, "calf-l")
    Hand(bob).note(TODAY, "chin")
    for person, place in ((berlin, "calf-l"), (bob, "chin"), (berlin, "calf-l")):
        days = kept.between(person, TODAY, TODAY, NOW)
        assert [note.place for note in days.on(TODAY).notes] == [place]
        assert [note.owner_id for note in days.on(TODAY).notes] == [person.pk]
        assert [use.place for use in kept.uses(person, TODAY)] == [place]
        assert [use.place for use in kept.uses_and_trying(person, TODAY)[0]] == [place]
        assert [use.place for use in kept.uses_and_values(person, TODAY, TODAY)[0]] == [place]


def test_a_question_may_be_about_some_time_before_what_it_is_told(write, berlin):
    write.note(back(2), "calf-l")
    write.note(TODAY, "chin")
    since = Given("today", DateField()) - DAY - DAY
    mine = Twitch.objects.filter(owner=Given("owner", BigIntegerField()), day=since)
    question = Question(mine.values_list("place"))
    assert list(question.ask(owner=berlin.pk, today=TODAY)) == [("calf-l",)]
    assert list(question.ask(owner=berlin.pk, today=TODAY + 2 * DAY)) == [("chin",)]


def test_a_note_of_an_answer_can_be_changed_and_keeps_all_that_it_had(write, berlin):
    written = write.note(TODAY, "calf-l", words="after a run")
    found = kept.between(berlin, TODAY, TODAY, NOW).on(TODAY).notes[0]
    fields = [field.attname for field in Twitch._meta.concrete_fields]
    stored = Twitch.objects.get(pk=written.pk)
    assert {name: getattr(found, name) for name in fields} == {
        name: getattr(stored, name) for name in fields
    }
    recording.remove([found], berlin, NOW)
    assert kept.between(berlin, TODAY, TODAY, NOW).removed == (found,)


def test_a_change_is_made_to_the_rows_of_one_person_and_says_how_many(berlin, bob):
    ml = Given("ml", PositiveSmallIntegerField())
    change = Change(Diary.objects.of(kept.OWNER), {"glass_ml": ml})
    assert change.make(owner=berlin.pk, ml=300) == change.make(owner=bob.pk, ml=400) == 1
    assert change.make(owner=0, ml=500) == 0
    sizes = {diary.owner_id: diary.glass_ml for diary in Diary.objects.all()}
    assert (sizes[berlin.pk], sizes[bob.pk]) == (300, 400)
