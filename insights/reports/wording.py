"""The report in words: whole sentences, the same on the page, in print and in the PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from diary.check import ANSWER_NAMES, QUESTIONS, Answer
from diary.durations import DURATIONS
from diary.factors import OPTIONAL
from diary.places import PLACES, Side

from .. import wording
from ..analysis.results import Finding, Level, Split, Trend
from .drawing import WITHIN
from .report import (
    AFTERNOON,
    EVENING,
    MORNING,
    NIGHT,
    Apart,
    FactorLine,
    Factors,
    Report,
    Sign,
    Taken,
    Told,
)

NAMED_PLACES = 3
DATES_NAMED = 3
MEDICINES_NAMED = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: what matters most, then the rest."""

    strong: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class SignRow:
    """One question of the symptoms check as a row."""

    about: str
    answer: str
    bold: bool
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
        return date_format(last, "j F Y")
    start = date_format(first, "j F" if first.year == last.year else "j F Y")
    return _("%(first)s to %(last)s") % {"first": start, "last": date_format(last, "j F Y")}


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


def in_short(report: Report) -> tuple[Line, ...]:
    """The summary: days kept, places, how long, trend and time of day, cramps and tremors."""
    lines = [_kept(report)]
    if report.notes:
        lines += [_where(report), _how_long(report)]
    lines.append(_course(report))
    if report.apart:
        lines.append(_apart(report.apart))
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
    ) % {"count": report.notes, "days": _days(coverage.with_notes)}
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
    return Line(said, _("%(noted)s; %(others)s.") % {"noted": noted, "others": ", ".join(rest)})


def _where(report: Report) -> Line:
    most, *others = report.places
    count = _("%(notes)s, on %(days)s") % {"notes": most.notes, "days": _days(most.days)}
    if not others:
        strong = _("Only the %(place)s") % {"place": _lower(most.place)}
        return Line(strong, f"({count}). {_new(report)}".strip())
    strong = _("Mostly the %(place)s") % {"place": _lower(most.place)}
    if most.notes * 3 < report.notes:
        strong = _("Many places, the %(place)s most often") % {"place": _lower(most.place)}
    then = _and(f"{_lower(place.place)} ({place.notes})" for place in others[: NAMED_PLACES - 1])
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
    since = date_format(report.new_since, "j F")
    if not report.new_places:
        return _("No new place since %(day)s.") % {"day": since}
    return _("New since %(day)s: %(places)s.") % {
        "day": since,
        "places": _named(report.new_places),
    }


def _how_long(report: Report) -> Line:
    known = [(key, count) for key, count in report.lengths if key != "unsure"]
    said = ", ".join(
        _("%(count)s × %(length)s") % {"count": count, "length": DURATIONS[key].name}
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


def _course(report: Report) -> Line:
    until = date_format(report.trend_until, "j F") if report.trend_until else ""
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
        "days": _days(kind.days),
        "places": _named(kind.places[:NAMED_PLACES]),
    }


# --- where --------------------------------------------------------------------------------------


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
            by_site.setdefault(named, []).append(f"{_lower(count.place)} {count.notes}")
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
    if sign.answer is None or sign.day is None:
        return SignRow(about, _("Not answered"), False, "")
    dates = []
    if sign.day != latest:
        dates.append(_("answered on %(day)s") % {"day": _short(sign.day)})
    dates += [
        _("%(answer)s on %(days)s") % {"answer": str(_lower_answer(answer)), "days": _dates(days)}
        for answer, days in sign.earlier
    ]
    return SignRow(
        about,
        str(ANSWER_NAMES[sign.answer]),
        sign.answer in (Answer.YES, Answer.UNSURE),
        ", ".join(dates),
    )


def _lower_answer(answer: Answer) -> str:
    return {
        Answer.YES: pgettext("answer", "yes"),
        Answer.NO: pgettext("answer", "no"),
        Answer.UNSURE: pgettext("answer", "not sure"),
    }[answer]


def _dates(days: Sequence[date]) -> str:
    if len(days) <= DATES_NAMED:
        return _and(_short(day) for day in days)
    return ngettext(
        "%(count)s earlier day, the first on %(day)s",
        "%(count)s earlier days, the first on %(day)s",
        len(days),
    ) % {"count": len(days), "day": _short(days[-1])}


# --- medicines ----------------------------------------------------------------------------------


def medicines(report: Report) -> tuple[str, ...]:
    """Medicines and supplements, each with its dates; those that began in these days say so."""
    named = [_medicine(taken, report) for taken in report.medicines[:MEDICINES_NAMED]]
    if (more := len(report.medicines) - MEDICINES_NAMED) > 0:
        named.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
    return tuple(named)


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
    return date_format(day, "j F" if report.first <= day <= report.last else "j F Y")


# --- daily factors ------------------------------------------------------------------------------


def factor_basis(factors: Factors) -> str:
    """Which days are compared, as on the weekly page."""
    if not factors.enough:
        return _("too early to compare, %(kept)s of about %(needed)s days so far") % {
            "kept": factors.kept,
            "needed": factors.needed,
        }
    return ngettext(
        "%(kept)s day kept from %(first)s to %(last)s, as in the weekly summary; "
        "differences do not say why",
        "%(kept)s days kept from %(first)s to %(last)s, as in the weekly summary; "
        "differences do not say why",
        factors.kept,
    ) % {
        "kept": factors.kept,
        "first": date_format(factors.first, "j F"),
        "last": date_format(factors.last, "j F"),
    }


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
    return FactorRow(str(factor.name), days, "", "", "", "", _("Told, and not compared."))


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
        return f"{round(value / 10) * 10:g}"
    if finding.factor == "hydration":
        return f"{round(value / 1000, 1):g}"
    if finding.factor in ("sleep", "stress"):
        return f"{round(value, 1):g}"
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


def day_key(report: Report, *, daily: bool) -> str:
    """What the marks of the days mean."""
    if daily:
        return _(
            "dot: one twitch noted, ring: day marked clear, dashes: left blank. "
            "Weekly totals below."
        )
    return _("twitches noted each week, with the days kept below")


def totals(report: Report) -> str:
    """The weekly totals in one sentence, for who does not see the drawing."""
    return _("Twitches noted each week: %(totals)s.") % {
        "totals": ", ".join(
            f"{date_format(week.first, 'j F')} {week.notes}" for week in report.weeks
        )
    }


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def _of(some: int, of: int) -> str:
    return _("%(some)s of %(all)s") % {"some": some, "all": of}


def _day(day: date) -> str:
    return date_format(day, "j F")


def _short(day: date) -> str:
    return date_format(day, "j M")


def _lower(place: str) -> str:
    """The name of a place within a sentence."""
    name = PLACES[place].name
    return name[:1].lower() + name[1:]


def _named(places: Iterable[str]) -> str:
    return _and(_lower(place) for place in places)


def _and(parts: Iterable[str]) -> str:
    *most, last = parts
    if not most:
        return last
    return _("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last}
