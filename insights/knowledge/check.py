"""What the answers of a symptoms check ask for: rules as data, each with where it comes from.

Only three levels, all calm. Nothing here names a condition, and nothing here says that all is
well: without a sign the answer is that nothing asks for a visit this week.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from diary.check import QUESTIONS, Answer


class Level(IntEnum):
    """How soon to ask somebody; a higher one always wins.

    No answer leads to NOW: what it is about comes suddenly, and then nobody should fill in a
    form. It is told before the questions and on the card of SOON instead.
    """

    PLAN = 1
    SOON = 2
    NOW = 3

    @property
    def key(self) -> str:
        """The level as templates, styles and passages name it."""
        return self.name.lower()


# Not to be sure is no reassurance: it leads where a yes leads.
ANSWERED = frozenset({Answer.YES, Answer.UNSURE})

REST = timedelta(days=14)  # asked more often, the questions would keep a worry going

SERVICE = "National Health Service, “Twitching eyes and muscles”"
CHECKLIST = "Royal College of General Practitioners, checklist for sending people to a specialist"


@dataclass(frozen=True, slots=True)
class Rule:
    """One sign: which answers to its question lead to which level, and who says so."""

    question: str
    level: Level
    claims: tuple[str, ...] = ()  # of the articles
    outside: tuple[str, ...] = ()  # who else; named because the articles do not say it
    wins_over: tuple[str, ...] = ()  # claims with a milder reading of the same sign
    answers: frozenset[Answer] = ANSWERED


RULES: tuple[Rule, ...] = (
    # One article also counts weakness among the signs of too little potassium, and numbness
    # among those of too little calcium. That reading waits until a doctor has looked.
    Rule("weakness", Level.SOON, ("A30", "A88"), (SERVICE,), wins_over=("A35",)),
    Rule("feeling", Level.SOON, ("A30", "A88"), wins_over=("A36",)),
    Rule("smaller", Level.SOON, outside=(CHECKLIST,)),
    Rule("speech", Level.SOON, outside=(CHECKLIST,)),
    Rule("lasting", Level.PLAN, ("B26",), (SERVICE,)),
    Rule("medicine", Level.PLAN, ("A23", "B24"), (SERVICE,)),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set of answers asks for. `level` is None when no answer asks for anything."""

    level: Level | None
    rules: tuple[Rule, ...]  # those that led to the level, in the order of the questions
    left_open: tuple[str, ...]  # questions without an answer

    @property
    def nothing_asked(self) -> bool:
        """Whether every question was answered, each with no."""
        return self.level is None and not self.left_open

    @property
    def signs(self) -> tuple[str, ...]:
        """The questions whose answers led to the level."""
        return tuple(rule.question for rule in self.rules)

    @property
    def wins_over(self) -> tuple[str, ...]:
        """The milder readings that are set aside."""
        return tuple(dict.fromkeys(claim for rule in self.rules for claim in rule.wins_over))


def judge(answers: Mapping[str, Answer]) -> Outcome:
    """What these answers ask for: the highest level that any of them leads to."""
    met = [rule for rule in RULES if answers.get(rule.question) in rule.answers]
    level = max((rule.level for rule in met), default=None)
    return Outcome(
        level,
        tuple(rule for rule in met if rule.level is level),
        tuple(key for key in QUESTIONS if key not in answers),
    )


def offered(last: date | None, week: date, today: date) -> bool:
    """Whether a weekly page offers the questions: at most every 14 days, answered or passed over.

    `last` is the day of the last answers, if there are any, and `week` the Monday of the page:
    every other page stays silent, and so does each page within 14 days of the last answers.
    """
    rested = last is None or today - last > REST
    return rested and week.toordinal() // 7 % 2 == 0
