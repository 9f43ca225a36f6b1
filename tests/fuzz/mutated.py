"""Programs of the repository with words and signs taken out, doubled, swapped, put in and taken from others."""

from __future__ import annotations

import re
from random import Random

from podpipec_grammar.tables import KEYWORDS
from tests.fuzz.drawn import LONG_TEXTS, NAMES, NUMBERS, TEXTS
from tests.syntax import corpus

_WORD = re.compile(r'"""[\s\S]*?"""|"[^"\n]*"|#[^\n]*\n?|\w+|\s+|[^\w\s]')
_LONGEST = 4000
STRANGE = ("\0", "\ufeff", "é", "{", "}", "((", "]]", '"', '"""', "##", "->", "\r", "\t", "\u2028", "😀", "=", "\\")


def corpus_texts() -> list[str]:
    """The programs that are broken: all of the repository that are not long."""
    return [text for _, text in sorted(corpus.texts().items()) if len(text) <= _LONGEST]


def mutated(random: Random, texts: list[str]) -> str:
    """One of the programs with a few changes."""
    words: list[str] = _WORD.findall(random.choice(texts))
    for _ in range(random.choice((1, 1, 2, 3, 8))):
        if not words:
            break
        at = random.randrange(len(words))
        match random.randrange(8):
            case 0:
                del words[at]
            case 1:
                words.insert(at, words[at])
            case 2:
                other = random.randrange(len(words))
                words[at], words[other] = words[other], words[at]
            case 3:
                words[at] = random.choice((*NAMES, *NUMBERS, *TEXTS, *LONG_TEXTS))
            case 4:
                words.insert(at, random.choice(STRANGE))
            case 5:
                del words[at : at + random.randrange(1, 12)]
            case 6:
                other_words = _WORD.findall(random.choice(texts))
                start = random.randrange(max(1, len(other_words)))
                words[at:at] = other_words[start : start + random.randrange(1, 30)]
            case 7:
                letters = words[at]
                cut = random.randrange(len(letters) + 1)
                words[at] = letters[:cut] + random.choice(STRANGE) + letters[cut:]
    return "".join(words)


def meant(random: Random, text: str) -> str:
    """A program in which names, numbers and places stand for others of the same program: its syntax is right still."""
    words: list[str] = _WORD.findall(text)
    names = [at for at, word in enumerate(words) if word.isidentifier() and word not in KEYWORDS]
    numbers = [at for at, word in enumerate(words) if word[0].isdigit()]
    kinds = [found for found in (names, names, numbers) if found]
    for _ in range(random.choice((0, 1, 1, 2, 3)) if kinds else 0):
        where = random.choice(kinds)
        words[random.choice(where)] = words[random.choice(where)]
    return "".join(words)
