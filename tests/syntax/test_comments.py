"""Comments survive with their places, and doc comments with the declaration below them."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from podpipec.syntax import tree
from tests.syntax import corpus
from tests.syntax.nodes import module, shape
from tests.syntax.test_against_lark import words_of

QUICK = settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
REMARKS = st.sampled_from(
    ("#", "# plain", '# with "quotes" { and } braces', "#!x", "# ends in blanks  ", "# é → ü", "#\t# two")
)
PROGRAM = next(
    text
    for name, text in corpus.texts().items()
    if name.startswith("docs/language.md") and len(text) > 300 and "#" in text and '"""' in text
)


@given(st.data())
@QUICK
def test_a_comment_may_stand_at_the_end_of_any_line_and_none_is_lost(data: st.DataObject) -> None:
    words = [word for word in words_of(PROGRAM) if not word.startswith("#")]
    text, placed = "", []
    for word in words:
        text += word
        if data.draw(st.integers(0, 3)) == 0:
            text += data.draw(st.sampled_from(("", " ", "\t")))
            remark = data.draw(REMARKS)
            placed.append((len(text), remark.rstrip()))
            text += remark + data.draw(st.sampled_from(("\n", "\r\n")))
        else:
            text += " "
    with_remarks = module(text)
    assert [(comment.span.start, comment.text) for comment in with_remarks.comments] == placed
    for comment in with_remarks.comments:
        assert text[comment.span.start : comment.span.end] == comment.text
    assert shape(with_remarks.declarations) == shape(module(" ".join(words)).declarations)


def test_every_comment_of_the_repository_is_kept() -> None:
    for name, text in corpus.texts().items():
        if not name.startswith("docs/language.md"):
            continue
        bare = re.sub(r'"""[\s\S]*?"""|"[^"\n]*"', lambda match: re.sub(r"[^\n]", "x", match.group()), text)
        written = [match.group().rstrip() for match in re.finditer(r"#(?!#).*|##.*", bare)]
        kept = [comment.text for comment in module(text).comments]
        docs = [one.doc for one in module(text).declarations if one.doc]
        assert len(kept) == len([line for line in written if not line.startswith("##")])
        assert len(docs) == len([line for line in written if line.startswith("##")])


def test_doc_comments_belong_to_what_is_below_them() -> None:
    found = module("##  One.\n##\n## two  \r\n# between\n## three\nconst a = 1\nconst b = 2\n## Of c.\ntype c = File\n")
    a, b, c = found.declarations
    assert (a.doc, b.doc, c.doc) == (" One.\n\ntwo\nthree", "", "Of c.")
    assert [comment.text for comment in found.comments] == ["# between"]
    assert isinstance(a, tree.Const) and a.span.start == found.span.end - len(
        "const a = 1\nconst b = 2\n## Of c.\ntype c = File\n"
    )


def test_a_hash_in_a_text_is_no_comment() -> None:
    found = module('const a = "# no"\nconst b = """\n# no\n## no\n"""\n')
    assert found.comments == () and [one.doc for one in found.declarations] == ["", ""]
