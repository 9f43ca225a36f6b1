"""The forms that messages show are forms that the grammar takes."""

from __future__ import annotations

import pytest

from podpipec.source import Source
from podpipec.syntax import parse
from podpipec.syntax.forms import FORMS
from podpipec.syntax.tree import Flow
from podpipec_grammar.tables import LITERALS

DECLARATIONS = ("USE", "SNAPSHOT", "CALENDAR", "POD", "STAGE", "HELPER", "SERVICE", "SECRET", "FLOW", "PARAM", "CONST")


@pytest.mark.parametrize(("terminal", "form"), FORMS.items(), ids=FORMS)
def test_a_form_is_one_of_the_language(terminal: str, form: str) -> None:
    assert LITERALS[terminal] in form.split() or f"({LITERALS[terminal]} " in form
    for dots, something in (('"…"', '"a"'), ("[…]", '["a"]'), ("{ … }", "{ }"), ("…", "1")):
        form = form.replace(dots, something)
    text = form if terminal in (*DECLARATIONS, "TYPE") else f"flow main() {{ {form} }}"
    parsed = parse(Source("x.flow", text))
    assert not parsed.diagnostics, (text, parsed.diagnostics[0].message)
    assert isinstance(parsed.module.declarations[0], Flow) == (text != form or terminal == "FLOW")
