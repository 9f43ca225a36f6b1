"""A reader of the DOT language, as far as its published grammar goes for digraphs; independent of what writes it."""

from __future__ import annotations

from html import unescape
from typing import NamedTuple

from lark import Lark, Token, Tree

_GRAMMAR = r"""
start: "digraph" name "{" statement* "}"
?statement: edge | node | default | setting | subgraph
node: name attributes?
edge: name "->" name attributes?
default: _KIND attributes
setting: name "=" name
subgraph: "subgraph" name "{" statement* "}"
attributes: "[" setting ("," setting)* "]"
name: WORD | NUMBER | QUOTED
_KIND.2: "graph" | "node" | "edge"
WORD: /[A-Za-z_][A-Za-z0-9_]*/
NUMBER: /-?[0-9]+(\.[0-9]+)?/
QUOTED: /"(?:[^"\\\n]|\\.)*"/
%ignore /\s+/
"""

_parser = Lark(_GRAMMAR, parser="lalr")


class Dot(NamedTuple):
    """Labels by node; the clusters around a node, and the edges with their labels."""

    labels: dict[str, str]
    clusters: dict[str, tuple[str, ...]]
    edges: list[tuple[str, str, str | None]]
    titles: dict[str, str]


def read(text: str) -> Dot:
    """What a DOT text says. Raises if it is none."""
    found = Dot({}, {}, [], {})
    tree = _parser.parse(text)
    _read(tree.children[1:], (), found)
    return found


def _read(statements: list[Tree[Token] | Token], around: tuple[str, ...], found: Dot) -> None:
    for one in statements:
        assert isinstance(one, Tree)
        if one.data == "node":
            name = _text(one.children[0])
            assert name not in found.labels, "declared once"
            found.labels[name] = _attributes(one).get("label", "")
            found.clusters[name] = around
        elif one.data == "edge":
            source, target = (_text(child) for child in one.children[:2])
            found.edges.append((source, target, _attributes(one).get("label")))
        elif one.data == "subgraph":
            _read(one.children[1:], (*around, _text(one.children[0])), found)
        elif one.data == "setting" and around and _text(one.children[0]) == "label":
            found.titles[around[-1]] = _text(one.children[1])


def _attributes(one: Tree[Token]) -> dict[str, str]:
    last = one.children[-1]
    if not (isinstance(last, Tree) and last.data == "attributes"):
        return {}
    pairs = [child.children for child in last.children if isinstance(child, Tree)]
    return {_text(key): _text(value) for key, value in pairs}


def _text(name: Tree[Token] | Token) -> str:
    """A name's text as Graphviz shows it: escapes and entities resolved."""
    token = name.children[0] if isinstance(name, Tree) else name
    text = str(token)
    if not text.startswith('"'):
        return text
    shown, at, body = [], 0, text[1:-1]
    while at < len(body):
        if body[at] == "\\":
            shown.append({"n": "\n", "\\": "\\", '"': '"'}[body[at + 1]])
            at += 2
        else:
            shown.append(body[at])
            at += 1
    return unescape("".join(shown))
