"""Programs drawn from the grammar's tables: at each point a word that may stand there, then ways to come to an end."""

from __future__ import annotations

from random import Random

from podpipec_grammar.tables import ACTIONS, GOTOS, KEYWORDS, LITERALS, RULES, START

END = "$END"
#: Names that programs like to use, keywords that are names elsewhere, and such as nobody declares.
NAMES = (
    *("ticks", "bench", "clean", "main", "a", "b", "s", "t", "out", "File", "Csv", "Parquet", "String", "Int"),
    *("ram", "node", "volume", "remote", "pod", "container", "size", "keep", "max", "min", "window", "shard", "zzz"),
)
NUMBERS = ("0", "1", "2", "1_000", "0.5", "8GiB", "10m", "1h", "3x", "9" * 30, "100TiB", "1e9", "50%")
TEXTS = (
    '""',
    '"x"',
    '"a {a} c"',
    '"{window:%Y}"',
    '"{shard}"',
    '"s3://b/{shard}"',
    '"{{ \\n"',
    '"#"',
    '"{"',
    '"{a.b}"',
)
LONG_TEXTS = ('""""""', '"""\n  cat {a} > {out}\n"""', '"""${x} {{y}} {a"""')
#: Drawn less: with each word as likely as any other, one expression in ten ends before the program must.
OPERATORS = {*"+-*/%<>.?", "==", "!=", "<=", ">=", "and", "or", "not", "(", "["}
_CLOSERS = ("RBRACE", "RPAR", "RSQB", END)


def _shift(states: tuple[int, ...], terminal: str) -> tuple[int, ...] | None:
    """The states after a terminal; nothing if it cannot stand here."""
    stack = list(states)
    while True:
        action = ACTIONS[stack[-1]].get(terminal)
        if action is None:
            return None
        if action >= 0:
            return (*stack, action)
        origin, _, treatment, _ = RULES[~action]
        del stack[len(stack) - len(treatment) :]
        stack.append(GOTOS[stack[-1]][origin])
        if terminal == END and len(stack) == 2:
            return tuple(stack)


def _text(terminal: str, random: Random) -> str:
    match terminal:
        case "NAME":
            return random.choice(NAMES)
        case "NUMBER":
            return random.choice(NUMBERS)
        case "STRING":
            return random.choice(TEXTS)
        case "LONG_STRING":
            return random.choice(LONG_TEXTS)
        case "DOC":
            return "## said\n"
    return LITERALS[terminal]


def drawn(random: Random, most: int = 120) -> str:
    """A program that the grammar takes: at most so many words, and those that it needs to come to an end."""
    states: tuple[int, ...] = (START,)
    words: list[str] = []
    while len(words) < 3 * most:
        fits = [one for one in sorted(ACTIONS[states[-1]]) if one != END and _shift(states, one)]
        if len(words) >= most:
            if _shift(states, END):
                break
            fits = [one for one in fits if one in _CLOSERS] or [one for one in fits if one != "DOC"] or fits
        if not fits:
            break
        terminal = random.choices(fits, [0.05 if LITERALS.get(one) in OPERATORS else 1 for one in fits])[0]
        text = _text(terminal, random)
        if terminal == "NAME" and KEYWORDS.get(text) in ACTIONS[states[-1]]:
            terminal = KEYWORDS[text]  # a word that is a keyword here is read as one
        following = _shift(states, terminal)
        if following is None:
            continue
        states = following
        words.append(text)
    return "".join(word + random.choice((" ", " ", "\n", "  # said\n")) for word in words)
