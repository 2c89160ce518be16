"""Results in words a tired person understands: what was noted, and how sure a comparison is.

Whole sentences with named values, so that they can be translated. Nothing here computes anything
but the rounding that the words need.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from diary.days import span_in_words
from diary.factors import FACTORS, OPTIONAL, Factor, OwnFactor, Shape, When, own_factor
from diary.shown import number

from .analysis.results import (
    Difference,
    Estimate,
    Finding,
    Gate,
    Group,
    Level,
    Refusal,
    Split,
    Tested,
    Trend,
    WeekCount,
    WeekReport,
)

STEPS = (
    gettext_lazy("Too early"),
    gettext_lazy("Either way"),
    gettext_lazy("A hint"),
    gettext_lazy("Steadier"),
)
STEP_OF = {
    Level.INSUFFICIENT: 0,
    Level.NONE: 1,
    Level.WEAK: 2,
    Level.MODERATE: 3,
    Level.STRONG: 3,
}
STEPS_MORE = {
    "caffeine": gettext_lazy("100 mg more caffeine"),
    "sleep": gettext_lazy("one hour more sleep"),
    "stress": gettext_lazy("one point more stress"),
    "hydration": gettext_lazy("half a litre more to drink"),
    "sleep-quality": gettext_lazy("one step more restful sleep"),
    "exercise": gettext_lazy("30 minutes more exercise"),
    "exertion": gettext_lazy("one step harder exercise"),
    "alcohol": gettext_lazy("one alcoholic drink more"),
    "illness": gettext_lazy("a day of feeling ill"),
    "magnesium": gettext_lazy("a day with food rich in magnesium"),
    "electrolytes": gettext_lazy("a day with an electrolyte drink"),
}
DAYS_OF_MORE = {
    "caffeine": gettext_lazy("on days with more caffeine"),
    "sleep": gettext_lazy("after nights with more sleep"),
    "stress": gettext_lazy("on days with more stress"),
    "hydration": gettext_lazy("on days with more to drink"),
    "sleep-quality": gettext_lazy("after more restful nights"),
    "exercise": gettext_lazy("with more exercise"),
    "exertion": gettext_lazy("with harder exercise"),
    "alcohol": gettext_lazy("after days with more alcohol"),
    "illness": gettext_lazy("on days of feeling ill"),
    "magnesium": gettext_lazy("on days with food rich in magnesium"),
    "electrolytes": gettext_lazy("on days with an electrolyte drink"),
}
CAVEATS = {
    "caffeine": gettext_lazy(
        "Busy days may bring both more coffee and more noticing. You may also drink more coffee "
        "after a poor night."
    ),
    "sleep": gettext_lazy("A restless night can come from twitching as well as lead to it."),
    "stress": gettext_lazy(
        "Stress is judged by the same person on the same day, so a twitchy day may feel more "
        "stressful."
    ),
    "hydration": gettext_lazy(
        "Hot or active days change both how much you drink and how tired your muscles are."
    ),
    "sleep-quality": gettext_lazy(
        "How a night was is judged the morning after, and twitches in the night are part of that."
    ),
    "exercise": gettext_lazy(
        "Days with exercise differ in other ways too: more to drink, more air, another night after."
    ),
    "exertion": gettext_lazy(
        "How hard it felt is judged by the same person, and a restless day can make it feel harder."
    ),
    "alcohol": gettext_lazy(
        "An evening with alcohol often brings a shorter night as well, and the two are hard to "
        "tell apart."
    ),
    "illness": gettext_lazy(
        "When people feel ill, they also sleep, move, eat and drink in other ways."
    ),
    "magnesium": gettext_lazy(
        "What was eaten is a rough guess, and days with such food may differ in other ways too."
    ),
    "electrolytes": gettext_lazy(
        "Such drinks go with sweating and exercise, so they may only mark those days."
    ),
}
# What the higher days are where the other ones had none.
SOME = {
    "caffeine": gettext_lazy("days with caffeine"),
    "exercise": gettext_lazy("days with exercise"),
    "alcohol": gettext_lazy("days with alcohol"),
}
OWN_CAVEAT = gettext_lazy(
    "Days with more of it may differ in other ways too, and those may be what counts."
)
MEANINGS = {
    Level.INSUFFICIENT: gettext_lazy("There is too little to compare yet."),
    Level.NONE: gettext_lazy(
        "Your days do not tell yet whether this goes with more notes, with fewer, or with neither. "
        "That is a common and useful result."
    ),
    Level.WEAK: gettext_lazy(
        "A hint like this also turns up by chance: in a diary where nothing is linked, about one "
        "weekly page in twenty shows one."
    ),
    Level.MODERATE: gettext_lazy(
        "In a year of weekly pages, fewer than 1 diary in 20 where nothing is linked ever shows a "
        "pattern this steady."
    ),
    Level.STRONG: gettext_lazy(
        "In a year of weekly pages, fewer than 1 diary in 200 where nothing is linked ever shows a "
        "pattern this steady."
    ),
}


def steps(level: Level) -> tuple[dict[str, Any], ...]:
    """The line of four steps, and on which of them a level stands."""
    now = STEP_OF[level]
    return tuple(
        {"words": words, "past": n < now, "now": n == now} for n, words in enumerate(STEPS)
    )


def span(first: date, last: date) -> str:
    """Two days as one heading, such as 16 to 22 November."""
    if (first.year, first.month) == (last.year, last.month):
        start = date_format(first, "DAY_ONLY")
    elif first.year == last.year:
        start = date_format(first, "DAY")
    else:
        start = date_format(first, "DAY_AND_YEAR")
    return _("%(first)s to %(last)s") % {"first": start, "last": date_format(last, "DAY")}


# --- the week ---------------------------------------------------------------------------------


def lead(report: WeekReport) -> str:
    """The week in one or two sentences, in days, beside the weeks before it."""
    week, earlier = report.weeks[-1], report.weeks[:-1]
    days = week.days_with_notes + week.clear_days
    if not days:
        return _("This week is blank.")
    said = ngettext(
        "You noted twitches on %(noted)s of the %(kept)s day you kept, and marked %(clear)s as "
        "clear.",
        "You noted twitches on %(noted)s of the %(kept)s days you kept, and marked %(clear)s as "
        "clear.",
        days,
    ) % {"noted": week.days_with_notes, "kept": days, "clear": week.clear_days}
    beside = _beside_earlier(week, earlier)
    return f"{said} {beside}" if beside else said


def _beside_earlier(week: WeekCount, earlier: Sequence[WeekCount]) -> str:
    """Compare only weeks that were kept as fully: a blank day is no day without twitches."""
    kept = week.days_with_notes + week.clear_days
    alike = [
        w.days_with_notes
        for w in earlier
        if kept and abs(w.days_with_notes + w.clear_days - kept) <= 1
    ]
    if len(alike) < 2:
        return ""
    low, high = min(alike), max(alike)
    values = {"weeks": len(alike), "low": low, "high": high}
    before = (
        _("In %(weeks)s earlier weeks kept as fully, it was %(low)s days each time") % values
        if low == high
        else _("In %(weeks)s earlier weeks kept as fully, it was %(low)s to %(high)s days") % values
    )
    if week.days_with_notes < low:
        return _("%(before)s, so this week had fewer.") % {"before": before}
    if week.days_with_notes > high:
        return _("%(before)s, so this week had more.") % {"before": before}
    return _("%(before)s, so this was one of your usual weeks.") % {"before": before}


def apart(report: WeekReport) -> str:
    """What was noted beside twitches in this week; empty where nothing was."""
    counts = (
        (report.cramps, "%(count)s cramp", "%(count)s cramps"),
        (report.tremors, "%(count)s tremor", "%(count)s tremors"),
    )
    said = [ngettext(one, many, n) % {"count": n} for n, one, many in counts if n]
    if not said:
        return ""
    return _("Kept apart, and in none of these counts: %(what)s.") % {"what": ", ".join(said)}


def courses(report: WeekReport) -> str:
    """What was on the list of medicines and supplements in the six weeks; empty if nothing was."""
    if not report.courses:
        return ""
    names = (f"{taken.name}, {span_in_words(taken.first, taken.last)}" for taken in report.courses)
    return _("On your list in these six weeks: %(what)s.") % {"what": "; ".join(names)}


def trend(report: WeekReport) -> str:
    """What the six weeks do; more or fewer only where the comparison of weeks says so."""
    return {
        Trend.TOO_EARLY: "",
        Trend.STEADY: _("Your weeks go up and down without a steady rise or fall."),
        Trend.FEWER: _("The last weeks had fewer notes than the ones before."),
        Trend.MORE: _("The last weeks had more notes than the ones before."),
    }[report.trend]


def basis(report: WeekReport) -> str:
    """What the comparisons stand on."""
    if report.window_first is None:
        return ""
    used = ngettext(
        "The comparisons below use the %(kept)s day you kept since %(first)s.",
        "The comparisons below use the %(kept)s days you kept since %(first)s.",
        report.window_kept,
    ) % {"kept": report.window_kept, "first": date_format(report.window_first, "DAY_AND_YEAR")}
    left_out = ngettext(
        "%(blank)s day is left out: blank, on a break, or added later.",
        "%(blank)s days are left out: blank, on a break, or added later.",
        report.window_blank,
    ) % {"blank": report.window_blank}
    return f"{used} {left_out}" if report.window_blank else used


def too_early(report: WeekReport) -> str:
    """How far the diary is from its first comparison."""
    return _("Too early to compare. %(kept)s of about %(needed)s days so far.") % {
        "kept": report.window_kept,
        "needed": report.kept_needed,
    }


# --- factors ----------------------------------------------------------------------------------

KNOWN = FACTORS | OPTIONAL


def factor_of(finding: Finding) -> Factor:
    """The factor of a comparison, also when it is one of the person's own."""
    own = finding.own
    if own is None:
        return KNOWN[finding.factor]
    made = OwnFactor(own.name, Shape(own.shape), When(own.when), own.unit, own.step)
    return own_factor(finding.factor, made)


def name(finding: Finding) -> str:
    """The factor's name; of a person's own, the one they gave it."""
    return str(factor_of(finding).name)


def caveat(finding: Finding) -> str:
    """Why a comparison with this factor may be wrong."""
    return str(CAVEATS.get(finding.factor, OWN_CAVEAT))


def is_yes_no(finding: Finding) -> bool:
    """Whether its days have the factor or have it not."""
    return factor_of(finding).shape is Shape.YES_NO


# --- a comparison -----------------------------------------------------------------------------


def is_more(finding: Finding) -> bool:
    """Whether more of the factor went together with more notes."""
    return finding.estimate is not None and finding.estimate.ratio > 1


def level(finding: Finding) -> str:
    """The level on its row."""
    if finding.level is Level.INSUFFICIENT:
        return _("Too early to compare")
    if finding.level is Level.NONE:
        return _("Could go either way")
    if finding.level is Level.WEAK:
        return _("A hint of more") if is_more(finding) else _("A hint of fewer")
    return _("A steadier pattern: more") if is_more(finding) else _("A steadier pattern: fewer")


def refusal(finding: Finding) -> str:
    """Why there is no comparison, and what is needed for one; empty where there is one."""
    return missing(finding.refusal, name(finding)) if finding.refusal else ""


def missing(refused: Refusal, factor: str = "") -> str:
    """What there is too little of for a comparison; `factor` is the name of what is compared."""
    missing = max(refused.need - refused.have, 1)
    values = {
        "factor": factor,
        "have": refused.have,
        "need": refused.need,
        "missing": missing,
    }
    return {
        Gate.FEW_DAYS: ngettext(
            "%(missing)s more day you keep is needed.",
            "%(missing)s more days you keep are needed.",
            missing,
        ),
        Gate.FEW_KEPT: _(
            "Too many of these days are blank: %(have)s were kept, and %(need)s are needed. Days "
            "without twitches count too."
        ),
        Gate.FEW_NOTE_DAYS: _(
            "Twitches were noted on %(have)s days; a comparison needs %(need)s such days."
        ),
        Gate.FEW_NOTES: _("There are %(have)s notes; a comparison needs %(need)s."),
        Gate.ALL_ALIKE: _(
            "Every day has the same number of notes, so there is nothing to compare."
        ),
        Gate.FEW_TRIED_DAYS: _(
            "Of one kind of day %(have)s were kept and count; a comparison needs %(need)s of each."
        ),
        Gate.FEW_FACTOR_DAYS: _(
            "%(factor)s is noted on %(have)s usable days; a comparison needs %(need)s."
        ),
        Gate.HARDLY_VARIES: _(
            "%(factor)s hardly varied in your days, so there is nothing to compare."
        ),
    }[refused.gate] % values


def timing(finding: Finding) -> str:
    """When the factor was, seen from the twitches."""
    if not finding.lag_clear:
        return _("Same or next day, it can’t be told which")
    if factor_of(finding).is_night and finding.lag == 0:
        return _("The night before")
    return _("Same day") if finding.lag == 0 else _("The day after")


def kicker(finding: Finding) -> str:
    """What was compared, and when it was, in a line above the sentence that tells it."""
    if not finding.lag_clear:
        said = _("%(factor)s, same or next day, it can’t be told which")
    elif factor_of(finding).is_night and finding.lag == 0:
        said = _("%(factor)s, the night before")
    else:
        said = _("%(factor)s, same day") if finding.lag == 0 else _("%(factor)s, the day after")
    return said % {"factor": name(finding)}


def amount(factor: Factor, value: float) -> str:
    """A value of a factor with its unit, rounded as its pages show it."""
    if factor.key == "caffeine":
        return _("%(value)s mg") % {"value": round(value / 10) * 10}
    if factor.key == "sleep":
        return _("%(value)s h") % {"value": _short(value)}
    if factor.key == "hydration":
        return _("%(value)s litres") % {"value": _short(value / 1000, digits=2)}
    if factor.key != "stress" and value in factor.points:
        return str(factor.points[int(value)])
    return f"{_short(value, digits=2)} {factor.unit}".strip()


def higher_days(finding: Finding) -> str:
    """What the higher days are, such as days over 190 mg."""
    if finding.split is None:
        return ""
    factor = factor_of(finding)
    values = {"factor": factor.name, "amount": amount(factor, finding.split.threshold)}
    if is_yes_no(finding):
        return _("days with a yes for “%(factor)s”") % values
    if finding.factor == "sleep":
        return _("nights over %(amount)s") % values
    if finding.factor == "sleep-quality":
        return _("nights that were more than “%(amount)s”") % values
    if finding.factor == "stress":
        return _("days with stress over %(amount)s") % values
    if finding.split.threshold == 0 and finding.factor in SOME:
        return str(SOME[finding.factor])
    if finding.own or finding.factor == "exertion":
        return _("days with “%(factor)s” over %(amount)s") % values
    return _("days over %(amount)s") % values


def both_kinds(finding: Finding, split: Split) -> tuple[str, str]:
    """The names of the higher and the other days beside each other."""
    if is_yes_no(finding):
        return _("Yes"), _("No")
    values = {"amount": amount(factor_of(finding), split.threshold)}
    return _("Over %(amount)s") % values, _("%(amount)s or less") % values


def step_of(finding: Finding) -> str:
    """One unit more of a factor, as rate ratios are stated."""
    if finding.factor in STEPS_MORE:
        return str(STEPS_MORE[finding.factor])
    if is_yes_no(finding):
        return _("a yes for “%(factor)s”") % {"factor": name(finding)}
    more = f"{_short(finding.unit, digits=2)} {factor_of(finding).unit}".strip()
    return _("%(amount)s more of “%(factor)s”") % {"amount": more, "factor": name(finding)}


def title(finding: Finding) -> str:
    """The heading of a card, the level first."""
    values = {"notes": _how_many(finding), "days": _more_of(finding)}
    if finding.level is Level.WEAK:
        return _("A hint: %(notes)s %(days)s") % values
    if finding.level in {Level.MODERATE, Level.STRONG}:
        return _("A steadier pattern: %(notes)s %(days)s") % values
    return _("%(factor)s: could go either way") % {"factor": name(finding)}


def _how_many(finding: Finding) -> str:
    return _so_many(is_more(finding), finding.difference)


def _so_many(more: bool, difference: Difference | None) -> str:
    size = abs(difference.best) if difference else 0
    if size < 0.75:
        return _("slightly more notes") if more else _("slightly fewer notes")
    if size <= 1.5:
        return _("more notes") if more else _("fewer notes")
    return _("clearly more notes") if more else _("clearly fewer notes")


def _more_of(finding: Finding) -> str:
    if finding.factor in DAYS_OF_MORE:
        return str(DAYS_OF_MORE[finding.factor])
    return _("with more of “%(factor)s”") % {"factor": name(finding)}


def in_ten(finding: Finding) -> str:
    """The two kinds of day in natural frequencies, always out of ten."""
    if finding.split is None:
        return ""
    higher, other = tenths(finding.split.higher), tenths(finding.split.other)
    if higher == other:
        return _("You noted a twitch about %(times)s times in 10 on both kinds of day.") % {
            "times": higher
        }
    return _(
        "On %(which)s you noted a twitch about %(higher)s times in 10. On your other days, about "
        "%(other)s times in 10."
    ) % {"which": higher_days(finding), "higher": higher, "other": other}


def tenths(group: Group) -> int:
    """On how many of ten days of a group a twitch was noted."""
    return round(10 * group.days_with_notes / group.days)


def fits(difference: Difference) -> str:
    """The range of differences that fits the diary, such as 0.2 fewer to 1.4 more."""
    low, high = difference.ranges[-1]
    return _("%(low)s to %(high)s") % {"low": more_or_fewer(low), "high": more_or_fewer(high)}


def more_or_fewer(notes: float) -> str:
    """A difference in notes a day."""
    size = number(abs(notes), 1)
    if not round(notes, 1):
        return _("no difference")
    return (_("%(size)s more") if notes > 0 else _("%(size)s fewer")) % {"size": size}


def worked_out(finding: Finding) -> str:
    """The model's answer in one sentence, with its range."""
    if finding.estimate is None:
        return ""
    ratio, low, high = (number(value, 2) for value in _values(finding.estimate))
    return _(
        "With %(step)s, your notes went together with %(ratio)s times as many a day; from %(low)s "
        "to %(high)s times as many fits your diary."
    ) % {"step": step_of(finding), "ratio": ratio, "low": low, "high": high}


def firmness(finding: Finding) -> str:
    """The level of a comparison that is not about the number of notes."""
    return str(STEPS[STEP_OF[finding.level]])


def times_as_much(finding: Finding) -> str:
    """A ratio with the range that fits."""
    return "–" if finding.estimate is None else ratio(finding.estimate)


def ratio(estimate: Estimate) -> str:
    """A ratio with its range."""
    best, low, high = (number(value, 2) for value in _values(estimate))
    return _("%(ratio)s, from %(low)s to %(high)s") % {"ratio": best, "low": low, "high": high}


def smallest(finding: Finding) -> str:
    """The smallest link that this diary would show."""
    ratio = finding.reach.smallest_ratio if finding.reach else None
    if ratio is None:
        return _("nothing yet")
    return _("%(ratio)s times as many notes with %(step)s") % {
        "ratio": number(ratio, 1),
        "step": step_of(finding),
    }


def moderate_from(finding: Finding) -> str:
    """From when on a moderate link would show, at the pace the diary is kept."""
    day = finding.reach.moderate_effect_on if finding.reach else None
    if day is None:
        return _("not within a year")
    return _("by %(day)s") % {"day": date_format(day, "DAY_AND_YEAR")}


def in_short(finding: Finding) -> str:
    """A comparison in one sentence with its range, or why there is none."""
    if finding.estimate is None:
        return refusal(finding)
    return _(
        "%(level)s. With %(step)s, %(ratio)s times as many notes a day, from %(low)s to %(high)s."
    ) % _in_one(level(finding), finding, finding.estimate)


def lasting(finding: Finding) -> str:
    """The same for how long twitches last."""
    if finding.estimate is None:
        return refusal(finding)
    return _(
        "%(level)s. With %(step)s, %(ratio)s times as long, from %(low)s to %(high)s."
    ) % _in_one(firmness(finding), finding, finding.estimate)


def _in_one(said: str, finding: Finding, estimate: Estimate) -> dict[str, str]:
    ratio, low, high = (number(value, 2) for value in _values(estimate))
    return {"level": said, "step": step_of(finding), "ratio": ratio, "low": low, "high": high}


def reverse(finding: Finding) -> str:
    """Whether a twitchy day came before more of the factor, where that was looked at."""
    found = finding.reverse
    if found is None:
        return ""
    values = {"factor": name(finding)}
    if found.low > 1:
        said = _("%(factor)s was higher on the day after a day with more notes.")
    elif found.high < 1:
        said = _("%(factor)s was lower on the day after a day with more notes.")
    else:
        said = _("%(factor)s was as usual on the day after a day with more notes.")
    return said % values


def directions(finding: Finding) -> str:
    """What the two directions of time say together, where both were looked at."""
    back = finding.reverse
    if back is None:
        return ""
    forward_shows = finding.level not in {Level.INSUFFICIENT, Level.NONE}
    back_shows = back.low > 1 or back.high < 1
    if forward_shows and back_shows:
        said = _(
            "Both directions showed something. Twitching may come before it or after it; your days "
            "cannot tell which is first."
        )
    elif forward_shows:
        said = _(
            "Notes went together with it, and the days after a day with more notes were like any "
            "other. That still does not say why."
        )
    elif back_shows:
        said = _(
            "Only the way back showed something: it differed on the days after more notes. It may "
            "follow twitching rather than lead to it."
        )
    else:
        said = _("Neither direction showed anything so far.")
    worry = (
        _("Worry may follow twitching as much as lead to it.")
        if finding.factor in {"stress", "sleep", "sleep-quality"}
        else ""
    )
    return " ".join(filter(None, (said, worry)))


# --- an experiment ----------------------------------------------------------------------------


def tested_title(tested: Tested) -> str:
    """The heading of what an experiment said, the level first."""
    if tested.level is Level.INSUFFICIENT:
        return _("Too early to compare")
    if tested.estimate is None or tested.level is Level.NONE:
        return _("Could go either way")
    values = {"notes": _so_many(tested.estimate.ratio > 1, tested.difference)}
    if tested.level is Level.WEAK:
        return _("A hint: %(notes)s on the days with the change") % values
    return _("A steadier pattern: %(notes)s on the days with the change") % values


def tested_days(tested: Tested) -> str:
    """On how many days of each kind a twitch was noted."""
    change, usual = tested.split.higher, tested.split.other
    return _(
        "With the change, you noted a twitch on %(change)s of %(change_days)s days. As usual, on "
        "%(usual)s of %(usual_days)s."
    ) % {
        "change": change.days_with_notes,
        "change_days": change.days,
        "usual": usual.days_with_notes,
        "usual_days": usual.days,
    }


def tested_worked_out(tested: Tested) -> str:
    """The model's answer in one sentence, with its range; empty where there is none."""
    if tested.estimate is None:
        return ""
    best, low, high = (number(value, 2) for value in _values(tested.estimate))
    return _(
        "On the days with the change you noted %(ratio)s times as many a day as on the days as "
        "usual; from %(low)s to %(high)s times as many fits your diary."
    ) % {"ratio": best, "low": low, "high": high}


TESTED_MEANING = gettext_lazy(
    "Your own days of up to a year say how much days differ by themselves: days of the week, slow "
    "rises and falls, good and bad spells. In a diary where the change does nothing, about one "
    "experiment in twenty shows a hint."
)


def _values(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.ratio, estimate.low, estimate.high


def _short(value: float, digits: int = 1) -> str:
    return number(round(value, digits))
