"""Who runs this server, as they say it in the settings."""

from dataclasses import dataclass, fields

from . import env


@dataclass(frozen=True, slots=True)
class Operator:
    """What a privacy notice says of whoever runs a server; empty or 0 is not said."""

    name: str
    address: str
    contact: str
    country: str
    keeps_copies: int  # days
    keeps_logs: int  # days
    officer: str  # this and the rest: only where there is one
    processors: list[str]
    authority: str

    @property
    def unsaid(self) -> list[str]:
        """The variables that the law asks for and that were left out."""
        return [
            VARIABLES[field.name]
            for field in fields(self)
            if field.name not in OPTIONAL and not getattr(self, field.name)
        ]


# The variable behind each part.
VARIABLES = {
    "name": "EBB_OPERATOR",
    "address": "EBB_OPERATOR_ADDRESS",
    "contact": "EBB_OPERATOR_CONTACT",
    "country": "EBB_COUNTRY",
    "keeps_copies": "EBB_KEEP_COPIES",
    "keeps_logs": "EBB_KEEP_LOGS",
    "officer": "EBB_OPERATOR_OFFICER",
    "processors": "EBB_PROCESSORS",
    "authority": "EBB_AUTHORITY",
}
OPTIONAL = ("officer", "processors", "authority")
READ = {"keeps_copies": env.days, "keeps_logs": env.days, "processors": env.words}


def from_environment() -> Operator:
    """As the environment says it."""
    said = {name: READ.get(name, env.text)(variable) for name, variable in VARIABLES.items()}
    return Operator(**said)  # type: ignore[arg-type]
