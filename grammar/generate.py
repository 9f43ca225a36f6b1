"""Writes `tables.py` from `flow.lark`: `python -m podpipec_grammar.generate`.

Lark reads the grammar, proves it LALR(1) without a conflict or a collision of terminals, and builds the
parse table; what the compiler needs of that is written as plain Python data, so that a compiler that
starts does not first load a parser generator. Needs `lark` and `interegular`, which the compiler does not.
"""

from __future__ import annotations

import pprint
from pathlib import Path

from lark import Lark
from lark.grammar import NonTerminal, Rule, Symbol, Terminal
from lark.parsers.lalr_analysis import IntParseTable, Shift

GRAMMAR = Path(__file__).with_name("flow.lark")
TABLES = Path(__file__).with_name("tables.py")

#: How a reduction treats a child: leave it out, take it, or take its elements.
DROP, TAKE, SPLICE = 0, 1, 2


def build() -> Lark:
    """The grammar as Lark reads it, with every check that Lark has."""
    return Lark(
        GRAMMAR.read_text(),
        start="module",
        parser="lalr",
        lexer="contextual",
        strict=True,
        maybe_placeholders=False,
    )


def is_helper(symbol: Symbol) -> bool:
    """Whether a nonterminal was made by Lark for a repetition."""
    return isinstance(symbol, NonTerminal) and symbol.name.startswith("__")


def treatment(symbol: Symbol, rule: Rule) -> int:
    if isinstance(symbol, Terminal):
        return TAKE if not symbol.filter_out or rule.options.keep_all_tokens else DROP
    return SPLICE if is_helper(symbol) else TAKE


def rule_entry(rule: Rule) -> tuple[str, str, tuple[int, ...], bool]:
    """Origin, name of the builder (empty for a repetition), treatments, and: a lone child stands for the rule."""
    name = "" if is_helper(rule.origin) else str(rule.alias or rule.origin.name)
    alone = rule.options.expand1 and rule.alias is None
    return str(rule.origin.name), name, tuple(treatment(symbol, rule) for symbol in rule.expansion), alone


def token_pattern(lark: Lark, words: dict[str, str]) -> str:
    """One regular expression with a group for each kind of token; keywords are names until the parser asks."""
    rest = [terminal for terminal in lark.terminals if terminal.name not in words.values()]
    regular = [terminal for terminal in rest if terminal.pattern.type == "re"]
    fixed = sorted(
        (terminal for terminal in rest if terminal.pattern.type == "str"), key=lambda t: -len(t.pattern.value)
    )
    return "|".join(f"(?P<{terminal.name}>{terminal.pattern.to_regexp()})" for terminal in (*regular, *fixed))


def reachable(table: IntParseTable) -> list[int]:
    """The states in an order that depends on the grammar alone: breadth first, by the names of the symbols."""
    order = [table.start_states["module"]]
    seen = set(order)
    for state in order:
        for _, (action, target) in sorted(table.states[state].items()):
            if action is Shift and target not in seen:
                seen.add(target)
                order.append(target)
    return order


def tables(lark: Lark) -> dict[str, object]:
    """All that a parser needs, by the names that it has in `tables.py`."""
    table: IntParseTable = lark.parser.parser._parse_table  # no public door to the table
    rules = sorted(set(lark.rules), key=lambda rule: (rule.origin.name, [symbol.name for symbol in rule.expansion]))
    number = {rule: index for index, rule in enumerate(rules)}
    nonterminals = {rule.origin.name for rule in rules}
    order = reachable(table)
    place = {state: index for index, state in enumerate(order)}
    words = {
        terminal.pattern.value: terminal.name
        for terminal in lark.terminals
        if terminal.pattern.type == "str" and terminal.pattern.value.isidentifier()
    }
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in order:
        row = [(str(symbol), action, target) for symbol, (action, target) in sorted(table.states[state].items())]
        actions.append(
            {
                symbol: place[target] if action is Shift else ~number[target]
                for symbol, action, target in row
                if symbol not in nonterminals
            }
        )
        gotos.append({symbol: place[target] for symbol, _, target in row if symbol in nonterminals})
    return {
        "TOKENS": token_pattern(lark, words),
        "IGNORED": tuple(sorted(lark.lexer_conf.ignore)),
        "KEYWORDS": dict(sorted(words.items())),
        "LITERALS": {
            terminal.name: terminal.pattern.value
            for terminal in sorted(lark.terminals, key=lambda t: t.name)
            if terminal.pattern.type == "str"
        },
        "RULES": tuple(rule_entry(rule) for rule in rules),
        "START": 0,
        "ACCEPT": place[table.end_states["module"]],
        "ACTIONS": tuple(actions),
        "GOTOS": tuple(gotos),
    }


def render() -> str:
    """The text of `tables.py`."""
    lines = [
        '"""Generated from flow.lark by generate.py; do not edit."""',
        "",
        "from __future__ import annotations",
        "",
    ]
    kinds = {
        "TOKENS": "str",
        "IGNORED": "tuple[str, ...]",
        "KEYWORDS": "dict[str, str]",
        "LITERALS": "dict[str, str]",
        "RULES": "tuple[tuple[str, str, tuple[int, ...], bool], ...]",
        "START": "int",
        "ACCEPT": "int",
        "ACTIONS": "tuple[dict[str, int], ...]",
        "GOTOS": "tuple[dict[str, int], ...]",
    }
    for name, value in tables(build()).items():
        text = (
            repr(value) if isinstance(value, str) else pprint.pformat(value, width=160, compact=True, sort_dicts=False)
        )
        lines.append(f"{name}: {kinds[name]} = {text}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLES.write_text(render())
