"""The report in words: whole sentences, the same on the page, in print and in the PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from diary.bodies import WITHIN
from diary.check import ANSWER_NAMES, QUESTIONS, Answer
from diary.days import days_after_on
from diary.durations import DURATIONS, UNSURE
from diary.factors import OPTIONAL
from diary.models import Overall
from diary.places import PLACES, Side
from diary.shown import number

from .. import wording
from ..analysis.results import Finding, Level, Split, Trend
from .drawing import DAYS_FOR_NOUGHT, Timeline
from .report import (
    AFTERNOON,
    BY_WEIGHT,
    EVENING,
    MORNING,
    NIGHT,
    Apart,
    FactorLine,
    Factors,
    Part,
    Report,
    Sign,
    Taken,
    Told,
    Words,
)

NAMED_PLACES = 3
DATES_NAMED = 3
GRAVE_DATES_NAMED = 6  # of a yes or not sure
LONG_ANSWER = 10  # letters that fit beside a question without a column for them
BY_HAND = "_" * 7  # to be filled in with a pen
# One page of print in its usual letters: lines, and letters of one across and of one in a column.
ROOM, ACROSS, COLUMN = 42, 96, 46
FIGURE = 17  # lines beside the front and back figure
NAME, CELL = 16, 13  # letters of a line in the cells of the daily factors
MEDICINES_LISTED = 4  # more than these run on in one paragraph


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: what matters most, then the rest."""

    strong: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class SignRow:
    """One question of the symptoms check as a row."""

    about: str
    answer: str  # with what was answered before, where that weighs more
    bold: bool
    earlier: str  # a yes or not sure of other days, which is bold as well
    dates: str


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One factor as a row; where nothing is compared, `refusal` says why."""

    name: str
    middle: str
    higher: str
    over: str
    other: str
    fits: str
    refusal: str


def span(report: Report) -> str:
    """The days of the report, with their year."""
    first, last = report.first, report.last
    if first == last:
        return date_format(last, "DAY_AND_YEAR")
    start = date_format(first, "DAY" if first.year == last.year else "DAY_AND_YEAR")
    return _("%(first)s to %(last)s") % {"first": start, "last": date_format(last, "DAY_AND_YEAR")}


def few(report: Report) -> str:
    """Said first where a diary is too short to lean on; else empty."""
    if not report.coverage.few:
        return ""
    return ngettext(
        "This diary covers %(kept)s day.",
        "This diary covers %(kept)s days.",
        report.coverage.kept,
    ) % {"kept": report.coverage.kept}


# --- in short -----------------------------------------------------------------------------------


def in_short(report: Report, *, by_hand: bool = True) -> tuple[Line, ...]:
    """The summary: days kept, places, how long, trend and time of day, cramps and tremors.

    With `by_hand` it has room to write in what a clinician asks and no diary knows.
    """
    lines = [_kept(report)]
    if report.once_a_day or report.answers:
        lines.append(_noted_once(report))
    if report.notes:
        lines += [_where(report), _how_long(report)]
    lines.append(_course(report))
    if report.apart:
        lines.append(_apart(report.apart))
    if report.began:
        lines.append(_began(report.began, by_hand=by_hand))
    return tuple(lines)


def _kept(report: Report) -> Line:
    coverage = report.coverage
    said = _("%(kept)s of %(days)s days kept.") % {
        "kept": coverage.kept,
        "days": coverage.days,
    }
    noted = ngettext(
        "%(count)s twitch (fasciculation) on %(days)s",
        "%(count)s twitches (fasciculations) on %(days)s",
        report.notes,
    ) % {"count": report.notes, "days": days_after_on(sum(day.notes > 0 for day in report.days))}
    rest = [
        ngettext("%(count)s day clear", "%(count)s days clear", coverage.clear)
        % {"count": coverage.clear},
        ngettext("%(count)s blank", "%(count)s blank", coverage.blank) % {"count": coverage.blank},
    ]
    if coverage.on_break:
        rest.append(
            ngettext("%(count)s on a break", "%(count)s on a break", coverage.on_break)
            % {"count": coverage.on_break}
        )
    if not coverage.kept and not report.notes:  # no number is known, not even none
        return Line(said, _("%(list)s.") % {"list": ", ".join(rest)})
    return Line(said, _("%(noted)s; %(others)s.") % {"noted": noted, "others": ", ".join(rest)})


def _noted_once(report: Report) -> Line:
    """That on these days a note is no single twitch, and how the person saw them."""
    strong = _("Noted once a day:") if report.once_a_day else _("Some days were noted once:")
    said = _("each place counts once then, however often it twitched.")
    if not report.answers:
        return Line(strong, said)
    answers = ", ".join(
        _("%(overall)s on %(days)s")
        % {"overall": Overall(answer).label, "days": days_after_on(days)}
        for answer, days in report.answers
    )
    return Line(strong, _("%(said)s In all: %(answers)s.") % {"said": said, "answers": answers})


def _began(began: date, *, by_hand: bool) -> Line:
    said = _("The first note is of %(day)s.") % {"day": date_format(began, "DAY_AND_YEAR")}
    if not by_hand:
        return Line(said)
    return Line(
        said,
        _(
            "First noticed: %(line)s All the time or on and off: %(line)s "
            "At rest or in use: %(line)s"
        )
        % {"line": BY_HAND},
    )


def _where(report: Report) -> Line:
    most, *others = report.places
    count = _("%(notes)s, on %(days)s") % {"notes": most.notes, "days": days_after_on(most.days)}
    if not others:
        strong = _("Only the %(place)s") % {"place": PLACES[most.place].within}
        return Line(strong, f"({count}). {_new(report)}".strip())
    strong = _("Mostly the %(place)s") % {"place": PLACES[most.place].within}
    if most.notes * 2 < report.notes:
        strong = _("Most often the %(place)s") % {"place": PLACES[most.place].within}
    if most.notes * 3 < report.notes:
        strong = _("Many places, the %(place)s most often") % {"place": PLACES[most.place].within}
    then = _and(
        f"{PLACES[place.place].within} ({place.notes})" for place in others[: NAMED_PLACES - 1]
    )
    said = _("(%(count)s), then %(then)s. %(places)s, %(sides)s.") % {
        "count": count,
        "then": then,
        "places": ngettext("%(count)s place", "%(count)s places", len(report.places))
        % {"count": len(report.places)},
        "sides": _sides(report),
    }
    return Line(strong, f"{said} {_new(report)}".strip())


def _sides(report: Report) -> str:
    sides = {PLACES[place.place].side for place in report.places}
    if {Side.LEFT, Side.RIGHT} <= sides:
        return _("on both sides")
    if Side.LEFT in sides:
        return _("left side only") if Side.MIDDLE not in sides else _("left side and middle")
    if Side.RIGHT in sides:
        return _("right side only") if Side.MIDDLE not in sides else _("right side and middle")
    return _("in the middle")


def _new(report: Report) -> str:
    if report.new_since is None:
        return ""
    since = date_format(report.new_since, "DAY")
    if not report.new_places:
        return _("No new place since %(day)s.") % {"day": since}
    return _("New since %(day)s: %(places)s.") % {
        "day": since,
        "places": _named(report.new_places),
    }


def _how_long(report: Report) -> Line:
    known = [(key, count) for key, count in report.lengths if key != UNSURE]
    said = ", ".join(
        _("%(count)s × %(length)s") % {"count": count, "length": _length(key)}
        for key, count in report.lengths
    )
    if not known:
        return Line(_("How long they lasted is not known."))
    short = sum(count for key, count in known if key in ("seconds", "under-minute"))
    total = sum(count for _key, count in known)
    if 3 * short >= 2 * total:
        strong = _("Mostly short:")
    elif 3 * short <= total:
        strong = _("Mostly a minute or longer:")
    else:
        strong = _("Short and long:")
    return Line(strong, _("%(list)s.") % {"list": said})


def _length(key: str) -> str:
    """A choice of the form where the others do not stand beside it."""
    return _("over 5 minutes") if key == "longer" else str(DURATIONS[key].name)


def _course(report: Report) -> Line:
    until = date_format(report.trend_until, "DAY") if report.trend_until else ""
    strong = {
        Trend.TOO_EARLY: _("Too early to say whether it rises or falls."),
        Trend.STEADY: _("No steady rise or fall"),
        Trend.FEWER: _("Fewer notes in the last three weeks than in the three before"),
        Trend.MORE: _("More notes in the last three weeks than in the three before"),
    }[report.trend]
    rest = {
        Trend.TOO_EARLY: "",
        Trend.STEADY: _("over six weeks to %(day)s.") % {"day": until},
        Trend.FEWER: _("(six weeks to %(day)s).") % {"day": until},
        Trend.MORE: _("(six weeks to %(day)s).") % {"day": until},
    }[report.trend]
    return Line(strong, f"{rest} {_time_of_day(report)}".strip())


def _time_of_day(report: Report) -> str:
    timed = sum(report.parts_of_day)
    if not timed:
        return ""
    most = max(range(4), key=lambda part: report.parts_of_day[part])
    said = {
        NIGHT: _("%(most)s of %(timed)s with a time were between midnight and 06:00."),
        MORNING: _("%(most)s of %(timed)s with a time were between 06:00 and noon."),
        AFTERNOON: _("%(most)s of %(timed)s with a time were between noon and 18:00."),
        EVENING: _("%(most)s of %(timed)s with a time were between 18:00 and midnight."),
    }[most]
    return said % {"most": report.parts_of_day[most], "timed": timed}


def _apart(apart: Sequence[Apart]) -> Line:
    return Line(
        _("Apart from these:"),
        _("%(list)s.") % {"list": "; ".join(_apart_kind(kind) for kind in apart)},
    )


def _apart_kind(kind: Apart) -> str:
    noted = {
        "cramp": ngettext("%(count)s cramp", "%(count)s cramps", kind.notes),
        "tremor": ngettext("%(count)s tremor", "%(count)s tremors", kind.notes),
    }[kind.kind] % {"count": kind.notes}
    return _("%(noted)s on %(days)s (%(places)s)") % {
        "noted": noted,
        "days": days_after_on(kind.days),
        "places": _named(kind.places[:NAMED_PLACES]),
    }


# --- where --------------------------------------------------------------------------------------


def by_place(report: Report) -> dict[str, int]:
    """How often each place was noted, by its key."""
    return {count.place: count.notes for count in report.places}


def every_place(report: Report) -> str:
    """All places with their notes, for who does not see the figures."""
    if not report.places:
        return _("No places noted.")
    return _("%(list)s.") % {
        "list": ", ".join(f"{PLACES[p.place].name} {p.notes}" for p in report.places)
    }


def within(report: Report) -> str:
    """Which places the figures show under a larger one, such as an eyelid under the face."""
    by_site: dict[str, list[str]] = {}
    for count in report.places:
        place = PLACES[count.place]
        if site := WITHIN.get(place.site.key):
            named = {"face": _("Face"), "hand": _("Hand")}[site]
            by_site.setdefault(named, []).append(f"{PLACES[count.place].within} {count.notes}")
    return " ".join(
        _("%(part)s: %(places)s.") % {"part": part, "places": ", ".join(places)}
        for part, places in by_site.items()
    )


# --- symptoms check -----------------------------------------------------------------------------


def answered_on(report: Report) -> str:
    """When the symptoms check was answered."""
    if not report.checks:
        return _("not answered in these days")
    if len(report.checks) == 1:
        return _("answered by the person on %(day)s") % {"day": _day(report.checks[0])}
    return ngettext(
        "answered by the person %(count)s time, last on %(day)s",
        "answered by the person %(count)s times, last on %(day)s",
        len(report.checks),
    ) % {"count": len(report.checks), "day": _day(report.checks[0])}


def sign_rows(report: Report) -> tuple[SignRow, ...]:
    """Each question with its latest answer; earlier answers with their dates."""
    latest = report.checks[0] if report.checks else None
    return tuple(_sign_row(sign, latest) for sign in report.signs)


def _sign_row(sign: Sign, latest: date | None) -> SignRow:
    about = str(QUESTIONS[sign.question].about)
    if sign.answer is None or sign.day is None or sign.since is None:
        return SignRow(about, _("Not answered"), False, "", "")
    said, bold = str(ANSWER_NAMES[sign.answer]), sign.answer is not Answer.NO
    graver: list[tuple[Answer, str]] = []
    others: list[tuple[Answer, str]] = []
    for answer, days in sign.earlier:
        is_graver = BY_WEIGHT.index(answer) < BY_WEIGHT.index(sign.answer)
        (graver if is_graver else others).append((answer, _answered(answer, days)))
    if graver:
        # What was once a yes is read before what it has become.
        before = ", ".join(words for _answer, words in graver)
        said, bold = (
            _("%(before)s; %(answer)s since %(day)s")
            % {
                "before": before[0].upper() + before[1:],
                "answer": _lower_answer(sign.answer),
                "day": _short(sign.since),
            },
            True,
        )
    dates = [_("answered on %(day)s") % {"day": _short(sign.day)}] if sign.day != latest else []
    dates += [words for answer, words in others if answer is Answer.NO]
    earlier = [words for answer, words in others if answer is not Answer.NO]
    return SignRow(about, said, bold, ", ".join(earlier), ", ".join(dates))


def _answered(answer: Answer, days: Sequence[date]) -> str:
    """An earlier answer with its dates; many days are told by their number and both ends."""
    values = {"answer": _lower_answer(answer)}
    if len(days) <= (DATES_NAMED if answer is Answer.NO else GRAVE_DATES_NAMED):
        return _("%(answer)s on %(days)s") % {
            **values,
            "days": _and(_short(day) for day in reversed(days)),
        }
    return _("%(answer)s %(count)s ×, %(first)s to %(last)s") % {
        **values,
        "count": len(days),
        "first": _short(days[-1]),
        "last": _short(days[0]),
    }


def _lower_answer(answer: Answer) -> str:
    return {
        Answer.YES: pgettext("answer", "yes"),
        Answer.NO: pgettext("answer", "no"),
        Answer.UNSURE: pgettext("answer", "not sure"),
    }[answer]


def quoted(said: Words) -> str:
    """What the person wrote, in the quotation marks of the language."""
    return _("“%(words)s”") % {"words": said.text}


# --- medicines ----------------------------------------------------------------------------------


def medicines(report: Report) -> tuple[str, ...]:
    """All medicines and supplements, each with its dates and what the person wrote beside it."""
    return tuple(_with_words(taken, _medicine(taken, report)) for taken in report.medicines)


def _with_words(taken: Taken, said: str) -> str:
    if not taken.words:
        return said
    return _("%(medicine)s: %(words)s") % {"medicine": said, "words": taken.words}


def _medicine(taken: Taken, report: Report) -> str:
    kind = _("supplement") if taken.supplement else _("medicine")
    values = {"name": taken.name, "kind": kind}
    first = _dated(taken.first, report) if taken.first else ""
    last = _dated(taken.last, report) if taken.last else ""
    if first and last:
        return _("%(name)s (%(kind)s), %(first)s to %(last)s") % {
            **values,
            "first": first,
            "last": last,
        }
    if first:
        return _("%(name)s (%(kind)s), since %(first)s") % {**values, "first": first}
    if last:
        return _("%(name)s (%(kind)s), until %(last)s") % {**values, "last": last}
    return _("%(name)s (%(kind)s)") % values


def _dated(day: date, report: Report) -> str:
    """With its year, unless it is one of these days."""
    within = report.first <= day <= report.last
    return date_format(day, "SHORT_DAY" if within else "SHORT_DAY_AND_YEAR")


def is_full(report: Report) -> bool:
    """Whether there is more to read than has room on one page of print."""
    across = [f"{line.strong} {line.rest}" for line in in_short(report)] + [*report.questions]
    signs, said, factors = (
        _lines_of_signs(report),
        _lines_of_said(report),
        _lines_of_factors(report),
    )
    if is_tall(report):
        beside = max(factors, FIGURE + signs + said)
    else:
        beside = max(factors, FIGURE) + max(signs, said)
    return report.sample + _lines(across, ACROSS) + beside > ROOM


def is_tall(report: Report) -> bool:
    """Whether the daily factors are longer than the figure and the symptoms check beside them."""
    beside = FIGURE + _lines_of_signs(report)
    return Part.MAP in report.parts and _lines_of_factors(report) > beside


def is_long(report: Report) -> bool:
    """Whether what the person takes and wrote is longer than the symptoms check beside it."""
    return _lines_of_said(report) > _lines_of_signs(report)


def _lines_of_factors(report: Report) -> int:
    if report.factors is None:
        return 0
    above = _lines([factor_basis(report)], COLUMN) + _lines([difference_head()], CELL)
    return above + sum(map(_lines_of_factor, factor_rows(report.factors)))


def _lines_of_factor(row: FactorRow) -> int:
    named = _lines([row.name, row.middle], NAME)
    if row.refusal:
        return max(named, _lines([row.refusal], 3 * CELL))
    return max(named, _lines([row.higher, row.over], CELL), _lines([row.fits], CELL))


def _lines_of_signs(report: Report) -> int:
    return _lines(
        (f"{sign.about} {sign.earlier} {sign.dates}" for sign in sign_rows(report)), COLUMN
    )


def _lines_of_said(report: Report) -> int:
    return _lines([*medicines(report), *(words.text for words in report.words)], COLUMN)


def _lines(texts: Iterable[str], letters: int) -> int:
    return sum(ceil(len(text) / letters) for text in texts)


# --- daily factors ------------------------------------------------------------------------------


def factor_basis(report: Report) -> str:
    """Which days are compared, as on the weekly page, and which drinks are meant."""
    factors = report.factors
    if factors is None:
        return ""
    basis = _days_compared(report, factors)
    if factors.every_drink or not any(line.factor == "hydration" for line in factors.lines):
        return basis
    return _("%(basis)s; drinks are those without caffeine") % {"basis": basis}


def _days_compared(report: Report, factors: Factors) -> str:
    """The days, and whether they are those of the report."""
    if not factors.enough:
        return _("too early to compare, %(kept)s of about %(needed)s days so far") % {
            "kept": factors.kept,
            "needed": factors.needed,
        }
    form = "DAY" if factors.first.year == factors.last.year else "DAY_AND_YEAR"
    said = ngettext(
        "%(kept)s day kept from %(first)s to %(last)s, as in the weekly summary; "
        "differences do not say why",
        "%(kept)s days kept from %(first)s to %(last)s, as in the weekly summary; "
        "differences do not say why",
        factors.kept,
    ) % {
        "kept": factors.kept,
        "first": date_format(factors.first, form),
        "last": date_format(factors.last, form),
    }
    if (factors.first, factors.last) == (report.first, report.last):
        return said
    return _("%(days)s; not the same days as the report") % {"days": said}


def difference_head() -> str:
    """What stands above the last column of the factors, the narrowest for its words."""
    return _("Difference in notes a day, fits (90%)")


def factor_rows(factors: Factors) -> tuple[FactorRow, ...]:
    """Each factor as a row; those that are never compared come last."""
    return (
        *(_factor_row(line) for line in factors.lines),
        *(_told_row(told) for told in factors.told),
    )


def _told_row(told: Told) -> FactorRow:
    factor = OPTIONAL[told.factor]
    days = ", ".join(
        ngettext("%(answer)s on %(days)s day", "%(answer)s on %(days)s days", count)
        % {"answer": factor.points[answer], "days": count}
        for answer, count in told.days
    )
    said = _("%(days)s. Told, and not compared.") % {"days": days}
    return FactorRow(str(factor.name), "", "", "", "", "", said)


def _factor_row(line: FactorLine) -> FactorRow:
    finding = line.finding
    name = _factor_name(finding)
    if line.middle is None or line.least is None or line.most is None:
        middle = _("not noted")
    elif wording.is_yes_no(finding):
        middle = _("yes on %(days)s") % {"days": _of(line.days_with, line.days)}
    else:
        middle = _("%(middle)s (%(least)s to %(most)s)") % {
            "middle": _number(finding, line.middle),
            "least": _number(finding, line.least),
            "most": _number(finding, line.most),
        }
    split, difference = finding.split, finding.difference
    if finding.level is Level.INSUFFICIENT or split is None:
        return FactorRow(name, middle, "", "", "", "", wording.refusal(finding))
    return FactorRow(
        name,
        middle,
        _of(split.higher.days_with_notes, split.higher.days),
        _higher(finding, split),
        _of(split.other.days_with_notes, split.other.days),
        wording.fits(difference) if difference else "",
        "",
    )


def _higher(finding: Finding, split: Split) -> str:
    """What the higher days are, short enough for a cell."""
    if wording.is_yes_no(finding):
        return _("with a yes")
    if split.threshold == 0 and finding.factor in wording.SOME:
        return _("with any")
    return _("over %(amount)s") % {
        "amount": wording.amount(wording.factor_of(finding), split.threshold)
    }


def _factor_name(finding: Finding) -> str:
    """With its unit, since the row has bare numbers."""
    known = {
        "caffeine": _("Caffeine, mg"),
        "sleep": _("Sleep, hours"),
        "stress": _("Stress, 1 to 5"),
        "hydration": _("Drinks, litres"),
    }
    if finding.factor in known:
        return known[finding.factor]
    unit = str(wording.factor_of(finding).unit)
    return f"{wording.name(finding)}, {unit}" if unit else wording.name(finding)


def _number(finding: Finding, value: float) -> str:
    """Without a unit, rounded as the weekly page does."""
    if finding.factor == "caffeine":
        return number(round(value / 10) * 10)
    if finding.factor == "hydration":
        return number(round(value / 1000, 1))
    if finding.factor in ("sleep", "stress"):
        return number(round(value, 1))
    unit = str(wording.factor_of(finding).unit)
    said = wording.amount(wording.factor_of(finding), value)
    return said.removesuffix(unit).strip() if unit else said


# --- the edges ----------------------------------------------------------------------------------


def disclaimer(site: str) -> str:
    """What the report is not."""
    return _(
        "Kept by the person in %(site)s, a self-recorded diary. Not a medical device, assessment "
        "or diagnosis. Noting twitches can itself make them easier to notice."
    ) % {"site": site}


def day_key(timeline: Timeline) -> str:
    """What the marks of the days mean."""
    if timeline.daily and timeline.bars:
        return _(
            "bar: twitches noted on a day, ring: day marked clear, dashes: left blank. "
            "Weekly totals below."
        )
    if timeline.daily:
        return _(
            "dot: one twitch noted, ring: day marked clear, dashes: left blank. "
            "Weekly totals below."
        )
    return _(
        "number: twitches noted in a week, dashes: none noted, and fewer than %(days)s days kept"
    ) % {"days": DAYS_FOR_NOUGHT}


def totals(report: Report) -> str:
    """The weekly totals in one sentence, for who does not see the drawing."""
    return _("Twitches noted each week: %(totals)s.") % {
        "totals": ", ".join(
            f"{_day(week.first)} {week.notes if week.is_known else _('no day kept')}"
            for week in report.weeks
        )
    }


def _of(some: int, of: int) -> str:
    return _("%(some)s of %(all)s") % {"some": some, "all": of}


def _day(day: date) -> str:
    return date_format(day, "DAY")


def _short(day: date) -> str:
    return date_format(day, "SHORT_DAY")


def _named(places: Iterable[str]) -> str:
    return _and(PLACES[place].within for place in places)


def _and(parts: Iterable[str]) -> str:
    *most, last = parts
    if not most:
        return last
    return _("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last}
