"""The SVG: valid XML, boxes that do not overlap, every arrow once, and no text of the program that means anything."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from podpipec.drawing import dot, mermaid, svg
from podpipec.drawing.picture import Arrow, Box, Group, Picture, Tag, picture
from podpipec.drawing.words import seen, short
from podpipec.types.origin import FromStep
from tests.costing.graphs import graph_of
from tests.drawing import dots, mermaids
from tests.drawing.test_layout import overlap
from tests.plan.programs import program

SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ElementTree.Element:
    root = ElementTree.fromstring(text)  # noqa: S314 - our own text
    assert root.tag == f"{SVG}svg"
    assert not {element.tag.removeprefix(SVG) for element in root.iter()} - {
        *("svg", "title", "desc", "style", "rect", "text", "g", "path")
    }
    return root


def boxes(root: ElementTree.Element) -> list[svg.Rect]:
    """The boxes of the drawing itself."""
    drawing = root.findall(f"{SVG}g")[0]
    found = [group.find(f"{SVG}rect[@class='box']") for group in drawing.findall(f"{SVG}g")]
    return [
        svg.Rect(*(int(box.attrib[key]) for key in ("x", "y", "width", "height"))) for box in found if box is not None
    ]


@pytest.mark.parametrize("seed", range(40))
def test_random_programs(seed: int) -> None:
    image = picture(graph_of(program(seed)))
    text = svg.render(image)
    assert text == svg.render(image)
    root = parsed(text)
    rects = boxes(root)
    assert len(rects) == len(image.boxes)
    assert not any(overlap(one, other) for one, other in combinations(rects, 2))
    wires = [wire.attrib for wire in root.iter(f"{SVG}path") if "data-from" in wire.attrib]
    assert [(wire["data-from"], wire["data-to"]) for wire in wires] == [
        (arrow.source, arrow.target) for arrow in image.arrows
    ]
    shown = {"".join(text.itertext()) for text in root.iter(f"{SVG}text")}
    assert all(line in shown for box in image.boxes for line in box.lines if len(line) < 44)
    assert all(tag.text in shown for box in image.boxes for tag in box.tags if len(tag.text) < 44)


CHAIN = """\
snapshot t: Csv {{ from "t" size 1MiB }}
pod p {{ slots 2 cpu 2 memory 4GiB ram 2GiB }}
stage one(a: File) -> out: Csv {{ run ["one", a, out] size out 1MiB }}
stage many(a: File[]) -> out: Csv {{ run ["many", out, a] size out 1MiB }}
flow f(t: t) on p {{
{body}
}}
"""

EDGES = {
    "empty": "",
    "one": "a = one(t)",
    "chain of 200": "\n".join(f"x{n} = one({f'x{n - 1}' if n else 't'})" for n in range(200)),
    "fan of 200": "\n".join(f"x{n} = one(t)" for n in range(200)),
    "long names": f"{'x' * 300} = one(t)\n{'y' * 300} = one({'x' * 300})",
    "each without a result": 'each c in ["a"] { one(t) }',
    "texts": 'r = each c in ["日本語", "<b>", "\\"; x --> y", "]]>"] { one(t) }\nz = many(r)',
}


@pytest.mark.parametrize("name", EDGES)
def test_edge_cases(name: str) -> None:
    image = picture(graph_of(CHAIN.format(body=EDGES[name])))
    root = parsed(svg.render(image))
    rects = boxes(root)
    assert len(rects) == len(image.boxes)
    assert not any(overlap(one, other) for one, other in combinations(rects, 2))
    assert len(mermaids.read(mermaid.render(image)).edges) == len(image.arrows)
    if len(image.boxes) < 50:
        assert len(dots.read(dot.render(image)).edges) == len(image.arrows)
    width = int(root.attrib["width"])
    assert max((rect.x + rect.width for rect in rects), default=0) <= width
    assert width < 8000, "a wide fan is broken into rows"


# --- hostile texts ---

hostile = st.one_of(
    st.text(min_size=1, max_size=60),
    st.text(alphabet="\"'\\<>&;#`|[](){}%-=\n\r\t\x00\x1b\u202e\u2028/:*_~$!end", min_size=1, max_size=60),
    st.sampled_from(
        ['"]; x --> y', "</text><script>", "\\N\\G\\", "&quot;", "#quot;", "```", "%%{init}%%", "end", "///"]
    ),
)


def of(text: str) -> Picture:
    """A picture in which all is that text."""
    first = Box("n0", "call", text, text, (text, text), (Tag(FromStep("a", "b"), text, "ram"),), "ram", "", True)
    second = Box("n1", "list", text, text, (), (), None, "g0")
    arrows = (Arrow("n0", "n1", text, "ram", 0), Arrow("n0", "g0", "", None, None, True))
    return Picture(text, text, 1, (first, second), (Group("g0", text, text, ""),), arrows, (), ())


@settings(max_examples=150, deadline=None)
@given(hostile)
@example("&quot;&lt;&amp;")
@example("\\N\\G\\")
@example("\ufffe\uffff\ufdd0")
@example("///")
def test_no_text_means_anything(text: str) -> None:
    image = of(text)
    root = parsed(svg.render(image))
    titles = ["".join(group.itertext()) for group in root.iter(f"{SVG}title")]
    assert f"{seen(text)}; {seen(text)}; {seen(text)}; {seen(text)}" in titles
    flowchart = mermaids.read(mermaid.render(image))
    label = short(seen(text), 80)
    assert flowchart.edges == [("n0", "n1", label), ("n0", "g0", None)]
    assert flowchart.labels["n0"] == "\n".join([label] * 3)
    read = dots.read(dot.render(image))
    label = short(seen(text), 120)
    assert read.labels["n0"] == "\n".join([label] * 3)
    assert read.edges == [("n0", "n1", label), ("n0", "n1", None)]


@given(st.text())
@example("\ufffe\uffff\u202e\x00")
def test_what_is_seen(text: str) -> None:
    plain = seen(text)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", plain)


@given(st.text(), st.integers(3, 50))
def test_short(text: str, most: int) -> None:
    found = short(text, most)
    assert len(found) <= most
    assert found == text or (len(text) > most and "…" in found)
