"""Typing of `service` and `secret`, and of what a stage says of them: `calls`, `secret`, `idempotent`."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.names.scope import Scopes, find
from podpipec.syntax import tree
from podpipec.types.declarations import Secret, Service
from podpipec.types.evaluate import Constants
from podpipec.types.settings import Settings, gather
from podpipec_runtime.tuples import NamedTuple

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>\S+)")
_PASSWORD = re.compile(r"[^/?#]*:[^/?#]*@")

#: Environment variables that every stage is given, and beginnings of names that are the system's or the runtime's.
_VARIABLES = frozenset(("PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR"))
_BEGINNINGS = ("LC_", "LD_", "PODPIPEC_", "KUBERNETES_")


class Outside(NamedTuple):
    """What a block says of the world outside: the services that it calls, the secrets that it is told."""

    calls: tuple[Service, ...]
    secrets: tuple[Secret, ...]
    idempotent: bool


def service(declared: tree.Service, constants: Constants, found: list[Diagnostic]) -> Service | None:
    """The typed service; nothing if it has no URL."""
    name = declared.name.text
    settings = gather(f"the service `{name}`", declared.name.span, declared.settings, constants, found)
    settings.need("url")
    url = settings.text("url")
    if url is None:
        return None
    at = settings.by_word["url"].values[0].span
    match = _URL.fullmatch(url)
    if match is None:
        found.append(
            error(
                "V003",
                f"the `url` of `{name}` must be a scheme, `://` and an address",
                at,
                "how is it called?",
                help='write it like `url "https://quotes.example/v1"`',
            )
        )
        return None
    if _PASSWORD.match(match["rest"]):
        found.append(
            error(
                "V003",
                f"the `url` of `{name}` holds a password, which would stand in plans and logs",
                at,
                "in clear here",
                help="declare a `secret`, and let the stages that need it say `secret …`",
            )
        )
        return None
    return Service(declared.name, url, settings.spans())


def secret(declared: tree.Secret, found: list[Diagnostic]) -> Secret | None:
    """The typed secret; nothing if no environment variable can be called so."""
    one = Secret(declared.name)
    if one.variable in _VARIABLES or one.variable.startswith(_BEGINNINGS):
        found.append(
            error(
                "N002",
                f"the secret `{declared.name.text}` would come as the environment variable `{one.variable}`",
                declared.name.span,
                "that one has another meaning",
                help=f"give it another name, such as `my_{declared.name.text}`",
            )
        )
        return None
    return one


class Known(NamedTuple):
    """What the settings of a stage can name."""

    scopes: Scopes
    services: Mapping[tree.Name, Service]
    secrets: Mapping[tree.Name, Secret]


def outside(settings: Settings, known: Known) -> Outside:
    """The services and secrets that a block names, in its order."""
    services: list[Service] = []
    secrets: dict[str, Secret] = {}
    for setting in settings.by_word.values():
        if setting.word.text == "calls":
            called = find(known.scopes, setting.flags[0], tree.Service, settings.found)
            if called is not None and called.name in known.services:
                services.append(known.services[called.name])
        elif setting.word.text == "secret":
            told = find(known.scopes, setting.flags[0], tree.Secret, settings.found)
            if told is not None and told.name in known.secrets:
                _told(known.secrets[told.name], setting, secrets, settings)
    idempotent = settings.by_word.get("idempotent")
    if idempotent is not None and not any(word.startswith("calls ") for word in settings.by_word):
        settings.found.append(
            error(
                "T016",
                f"`idempotent` is about a service, and {settings.owner} calls none",
                idempotent.span,
                "says nothing here",
                help="take it away, or say which service it calls: `calls …`",
            )
        )
    return Outside(tuple(services), tuple(secrets.values()), idempotent is not None)


def _told(one: Secret, setting: tree.Setting, secrets: dict[str, Secret], settings: Settings) -> None:
    first = secrets.setdefault(one.variable, one)
    if first is not one:
        settings.found.append(
            error(
                "N002",
                f"`{first.name.text}` and `{one.name.text}` would come as one environment variable, `{one.variable}`",
                setting.span,
                "the second",
                (first.name.span, "the first"),
                help="give one of them another name",
            )
        )


def urls(taken: Container[str], settings: Settings, known: Known) -> dict[str, str]:
    """What the names of the services stand for in a command. `taken` are the names of the inputs and outputs."""
    found: dict[str, str] = {}
    for setting in settings.by_word.values():
        if setting.word.text != "calls":
            continue
        name = setting.flags[0]
        if name.text in taken:
            settings.found.append(
                error(
                    "N002",
                    f"`{name.text}` is a service that {settings.owner} calls, and an input or output of it",
                    setting.span,
                    "which of them would a command mean?",
                    (settings.block, "in this stage"),
                    help="give the input or output another name",
                )
            )
        else:
            declared = known.scopes[name.span.path].get(name.text)
            typed = known.services.get(declared.name) if isinstance(declared, tree.Service) else None
            found[name.text] = typed.url if typed else ""  # what is wrong with it is told at its declaration
    return found


def in_command(name: tree.Name, owner: str, scopes: Scopes) -> Diagnostic | None:
    """Why a service or secret that is no part of the command cannot stand in it; nothing for other names."""
    match scopes[name.span.path].get(name.text):
        case tree.Service() as declared:
            return error(
                "N003",
                f"`{name.text}` is a service, and {owner} does not say that it calls it",
                name.span,
                "its URL is asked for here",
                (declared.name.span, "declared here"),
                help=f"say so: add `calls {name.text}`",
            )
        case tree.Secret() as declared:
            return error(
                "N003",
                f"`{name.text}` is a secret, and in a command it would stand in the plan and in logs",
                name.span,
                "not here",
                (declared.name.span, "declared here"),
                help=(
                    f"a stage that says `secret {name.text}` is told it as the environment variable "
                    f"`{name.text.upper()}`: let the command read that"
                ),
            )
        case _:
            return None
