"""The usual drinks of a person: a name, an amount of caffeine and a size for each."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..drinks import CAFFEINE_MG, DRINKS_AT_MOST, NAME_AT_MOST, SIZE_ML
from ..own_drinks import as_stored
from ..shown import Units
from .fields import NameField, SizeField, Written


class CaffeineField(Written):
    """The caffeine of one drink in whole mg."""

    PATTERN = re.compile(r"([0-9]{1,5}) ?(?:mg)?")

    def read(self, text: str) -> int:
        """From 1 to 500."""
        found = self.PATTERN.fullmatch(text.lower())
        if not found:
            raise ValidationError(_("Enter the caffeine of this drink as a number, such as 90"))
        least, most = CAFFEINE_MG
        if not least <= int(found[1]) <= most:
            raise ValidationError(
                _("The caffeine of one drink must be between %(least)s and %(most)s mg")
                % {"least": least, "most": most}
            )
        return int(found[1])


class DrinkSizeField(SizeField):
    """How much of one drink there is to drink."""

    RANGE = SIZE_ML
    IN_ML = gettext_lazy("Enter the size of this drink as a number of ml, such as 200")
    IN_OUNCES = gettext_lazy("Enter the size of this drink as a number of fl oz, such as 8")
    BETWEEN = gettext_lazy("The size of one drink must be between %(least)s and %(most)s ml")


class DrinksForm(forms.Form):
    """A row for each drink, and empty ones for more; a row without a name is left out."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, units: Units) -> None:
        super().__init__(data, auto_id="%s")
        drinks = units.usual
        self.keys = [drink.key for drink in drinks]
        free = (f"own-{n}" for n in range(1, 2 * DRINKS_AT_MOST))
        self.keys += [key for key in free if key not in self.keys][: DRINKS_AT_MOST - len(drinks)]
        for n, key in enumerate(self.keys):
            drink = drinks[n] if n < len(drinks) else None
            self.fields[f"name-{key}"] = NameField(
                NAME_AT_MOST,
                required=False,
                label=_("Drink %(number)s") % {"number": n + 1},
                initial=drink.name if drink else "",
            )
            self.fields[f"mg-{key}"] = CaffeineField(
                required=False,
                label=_("Caffeine of drink %(number)s, mg") % {"number": n + 1},
                initial=drink.caffeine_mg if drink else None,
            )
            size = DrinkSizeField(
                required=False,
                label=(
                    _("Size of drink %(number)s, fl oz")
                    if units.ounce_ml
                    else _("Size of drink %(number)s, ml")
                )
                % {"number": n + 1},
                initial=drink.ml or None if drink else None,
            )
            size.units = units
            self.fields[f"ml-{key}"] = size

    @property
    def lines(self) -> list[list[forms.BoundField]]:
        """The fields of each drink: its name, its caffeine and its size."""
        return [[self[f"{name}-{key}"] for name in ("name", "mg", "ml")] for key in self.keys]

    def clean(self) -> dict[str, Any]:
        """A drink has a name and caffeine; without a name, its amounts are let go."""
        for key in self.keys:
            name = self.cleaned_data.get(f"name-{key}")
            if name and self.cleaned_data.get(f"mg-{key}", 0) is None:
                self.add_error(
                    f"mg-{key}",
                    _("Enter the caffeine of %(name)s in mg, such as 90") % {"name": name},
                )
        return self.cleaned_data

    @property
    def stored(self) -> list[Any]:
        """What the diary shall say. Of a valid form."""
        said = self.cleaned_data
        return as_stored(
            (key, said[f"name-{key}"], said[f"mg-{key}"], said[f"ml-{key}"] or 0)
            for key in self.keys
            if said[f"name-{key}"]
        )
