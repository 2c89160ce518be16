"""For how long a report is shared, and behind which PIN."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .links import DAYS


class ShareForm(forms.Form):
    """What is asked beside the choices of the report itself."""

    use_required_attribute = False

    days = forms.RegexField(
        r"\A[0-9]{1,3}\Z",
        label=gettext_lazy("For how many days"),
        initial="14",
        strip=True,
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Enter a number of days, such as 14"),
            "invalid": gettext_lazy("Enter a number of days, such as 14"),
        },
    )
    pin = forms.CharField(
        required=False,
        label=gettext_lazy("A PIN, if you like"),
        help_text=gettext_lazy("4 to 8 digits. Tell it apart from the link. Five tries."),
        widget=forms.TextInput(
            attrs={"class": "input", "inputmode": "numeric", "autocomplete": "off"}
        ),
        error_messages={"null_characters_not_allowed": gettext_lazy("Enter 4 to 8 digits")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="s-%s")

    def clean_days(self) -> int:
        """From a day to a month."""
        days = int(self.cleaned_data["days"])
        least, most = DAYS
        if not least <= days <= most:
            raise ValidationError(
                _("A link can be open for %(least)s to %(most)s days")
                % {"least": least, "most": most}
            )
        return days

    def clean_pin(self) -> str:
        """Digits alone, or nothing."""
        pin: str = self.cleaned_data["pin"]
        if pin and not re.fullmatch(r"[0-9]{4,8}", pin):
            raise ValidationError(_("Enter 4 to 8 digits"))
        return pin
