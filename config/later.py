"""Views whose modules are loaded when one of their pages is first asked for.

A process that serves Today never needs the readers of files, nor the worker's processes any page.
"""

from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponseBase


class View:
    """A view that is looked up in its module when it is called, or asked about itself."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__ = module
        self.__name__ = self.__qualname__ = name

    def __call__(self, request: HttpRequest, /, **given: Any) -> HttpResponseBase:
        """Answer as the view itself."""
        answer: HttpResponseBase = self._itself(request, **given)
        return answer

    def __str__(self) -> str:
        return f"{self.__module__}.{self.__name__}"

    def __getattr__(self, attribute: str) -> Any:
        """What a decorator has written on the view, such as that nobody needs to sign in."""
        if attribute == "view_class":  # the table of addresses asks each; none of ours has one
            raise AttributeError(attribute)
        return getattr(self._itself, attribute)

    @property
    def _itself(self) -> Any:
        return getattr(import_module(self.__module__), self.__name__)


class Views:
    """The views of a module, by name, for a table of addresses."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> View:
        """The view of this name, which is loaded later."""
        return View(self._module, name)
