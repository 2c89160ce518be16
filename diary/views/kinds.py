"""The short helper that tells a twitch from a cramp and a tremor."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from config.http import Request, render_page
from diary.kinds import KIND_WITHIN, QUESTIONS, NoteKind, told_apart

CARRIED = ("place", "day", "next")  # what the log form was opened with


@require_http_methods(["GET", "HEAD"])
def which(request: Request) -> HttpResponse:
    """Ask how it felt, and say what that fits. Nothing is stored: the answer goes into the note."""
    answers = {question.key: request.GET.get(question.key, "") for question in QUESTIONS}
    asked = any(answers.values())
    found = told_apart(answers)
    carried = {name: request.GET[name] for name in CARRIED if request.GET.get(name)}
    context = {
        "questions": [(question, answers[question.key]) for question in QUESTIONS],
        "asked": asked,
        "found": found,
        "found_name": KIND_WITHIN[found] if found else "",
        "is_tremor": found is NoteKind.TREMOR,
        "carried": carried,
        "log_query": urlencode({**carried, **({"kind": found.value} if found else {})}),
    }
    return render_page(request, "diary/which.html", context)
