"""Settings of a block: each at most once, of the right kind and in bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podpipec.diagnostics import Diagnostic, error
from podpipec.diagnostics.wording import a
from podpipec.source import Span
from podpipec.syntax import tree
from podpipec.types.evaluate import Constants
from podpipec.types.scalars import Number, Scalar, is_number, written
from podpipec_runtime.tuples import NamedTuple

#: What no machine has: larger numbers are a slip of the unit.
_MOST = {
    "Int": 10**9,
    "Size": 2**60,
    "Duration": 10**10,
    "Float": 10**9,
}


class Settings(NamedTuple):
    """The settings of one block by their word, what hangs on them, and where messages go."""

    owner: str
    block: Span
    by_word: Mapping[str, tree.Setting]
    constants: Constants
    found: list[Diagnostic]

    def scalar(self, word: str, *kinds: str) -> Scalar | None:
        """The value of a setting that must be of one of the kinds."""
        setting = self.by_word.get(word)
        return None if setting is None else self.of_kind(setting.values[0], word, *kinds)

    def of_kind(self, value: tree.Expression, word: str, *kinds: str) -> Scalar | None:
        """The scalar that an expression stands for, if it is of one of the kinds."""
        scalar = self.constants.value(value)
        if scalar is None or scalar.kind in kinds or (scalar.kind == "Int" and "Float" in kinds):
            return scalar
        self.found.append(
            error(
                "T003",
                f"`{word}` takes {a(' or '.join(kinds))}, and {written(scalar)} is {a(scalar.kind)}",
                value.span,
                f"{a(kinds[0])} is needed here",
                help=f"write it like `{word} {_SAMPLES.get(word, _SAMPLES[kinds[0]])}`",
            )
        )
        return None

    def amount(self, word: str, kind: str, least: Number = 0) -> Number | None:
        """A number of a kind that is at least so much."""
        scalar = self.scalar(word, kind)
        if scalar is None:
            return None
        value = scalar.value
        assert is_number(value)  # the kind is a number's
        if least <= value <= _MOST[kind]:
            return value
        bound = (
            f"at least {written(Scalar(kind, least))}"
            if value < least
            else f"at most {written(Scalar(kind, _MOST[kind]))}"
        )
        self.found.append(
            error(
                "V003",
                f"`{word}` must be {bound}, and this is {written(scalar)}",
                self.by_word[word].values[0].span,
                "out of bounds",
            )
        )
        return None

    def text(self, word: str) -> str | None:
        """The value of a setting that must be a text."""
        scalar = self.scalar(word, "String")
        return None if scalar is None else str(scalar.value)

    def need(self, *words: str) -> bool:
        """Whether the block has all these settings; a diagnostic for those that it lacks."""
        missing = [word for word in words if word not in self.by_word]
        if missing:
            names = " and ".join(f"`{word}`" for word in missing)
            self.found.append(
                error(
                    "T009",
                    f"{self.owner} has no {names}",
                    self.block,
                    "needed here",
                    help="write " + ", ".join(f"`{word} {_SAMPLES[_KIND.get(word, 'Size')]}`" for word in missing),
                )
            )
        return not missing

    def spans(self) -> dict[str, Span]:
        """Where each setting is written."""
        return {word: setting.span for word, setting in self.by_word.items()}


_SAMPLES = {"port": "6379", "Int": "3", "Float": "0.5", "Size": "8GiB", "Duration": "10m", "String": '"…"'}
_KIND = {"slots": "Int", "cpu": "Int", "from": "String", "run": "String", "url": "String"}


def gather(
    owner: str, block: Span, settings: Iterable[tree.Setting], constants: Constants, found: list[Diagnostic]
) -> Settings:
    """The settings of a block by their word; one that is there twice is a diagnostic.

    What is said of one name is a word of its own: `size x`, `calls x`, `secret x`.
    """
    by_word: dict[str, tree.Setting] = {}
    for setting in settings:
        of = setting.target or next((flag for flag in setting.flags if setting.word.text in ("calls", "secret")), None)
        word = setting.word.text + (f" {of.text}" if of else "")
        if word in by_word:
            found.append(
                error(
                    "T009",
                    f"`{word}` is set twice in {owner}",
                    setting.span,
                    "set again here",
                    (by_word[word].span, "first set here"),
                )
            )
        else:
            by_word[word] = setting
    return Settings(owner, block, by_word, constants, found)
