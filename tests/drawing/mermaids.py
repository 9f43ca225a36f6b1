"""A reader of the Mermaid flowcharts that `podpipec graph` writes: every line must be one of a few, labels quoted."""

from __future__ import annotations

import re
from typing import NamedTuple

_NODE = re.compile(r'(n\d+)(?:\(\[|\[\(|\[\[|\[/|\{\{|\[|\()"([^"]*)"(?:\]\)|\)\]|\]\]|/\]|\}\}|\]|\))')
_GROUP = re.compile(r'subgraph (g\d+)\["([^"]*)"\]')
_EDGE = re.compile(r'([ng]\d+) (?:-->\|"([^"]*)"\||-\.->) ([ng]\d+)')
_STYLE = re.compile(r"classDef \w+ [\w:,#\- ]+|class [n\d,]+ \w+|linkStyle [\d,]+ stroke:#[0-9a-f]{6}")

#: What Mermaid, Markdown or HTML could read as their own inside of quotes.
_LOUD = re.compile(r"[<>\"`|;{}\\&*~^$@!?%]")


class Mermaid(NamedTuple):
    """Labels by node or group, the groups around a node, and the edges with their labels."""

    labels: dict[str, str]
    groups: dict[str, tuple[str, ...]]
    edges: list[tuple[str, str, str | None]]


def read(text: str) -> Mermaid:
    """What a flowchart says. Raises AssertionError for a line that is not to be there."""
    found = Mermaid({}, {}, [])
    around: list[str] = []
    first, comment, *lines = text.splitlines()
    assert first == "flowchart TB"
    assert re.fullmatch(r"%% [\w?]+ on [\w?]+", comment)
    for line in (line.strip() for line in lines):
        if node := _NODE.fullmatch(line):
            assert node[1] not in found.labels
            found.labels[node[1]] = "\n".join(_plain(part) for part in node[2].split("<br/>"))
            found.groups[node[1]] = tuple(around)
        elif group := _GROUP.fullmatch(line):
            found.labels[group[1]] = _plain(group[2])
            found.groups[group[1]] = tuple(around)
            around.append(group[1])
        elif line == "end":
            around.pop()
        elif edge := _EDGE.fullmatch(line):
            found.edges.append((edge[1], edge[3], None if edge[2] is None else _plain(edge[2])))
        else:
            assert _STYLE.fullmatch(line), line
    assert not around
    return found


def _plain(label: str) -> str:
    coded = re.sub(r"#\d+;", "", label)
    assert not _LOUD.search(coded), label
    assert "#" not in coded
    return re.sub(r"#(\d+);", lambda code: chr(int(code[1])), label)
