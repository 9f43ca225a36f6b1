"""How each construct is written, for who began one in another way."""

from __future__ import annotations

#: By the terminal of the word that the construct begins with.
FORMS = {
    "USE": "use module { name, name }",
    "SNAPSHOT": "snapshot name: Type { from …  window …  size … }",
    "CALENDAR": 'calendar name { zone "Area/City"  days […]  except […] }',
    "POD": "pod name { slots …  cpu …  memory …  ram … }",
    "STAGE": "stage name(input: Type) -> output: Type { run […]  size output … }",
    "HELPER": "helper name(input: Type) { run […]  port … }",
    "SERVICE": 'service name { url "…" }',
    "SECRET": "secret name",
    "FLOW": "flow name(input: snapshot) -> result on pod { … }",
    "PARAM": "param name: Type = value",
    "CONST": "const name = value",
    "TYPE": "type Name = Type",
    "KEEP": "keep value in place",
    "MOVE": "name = move value to place",
    "PIN": "name = pin value in place",
    "EACH": "name = each item in list { … }",
    "FOLD": "name = fold group in list by 4 { … }",
    "CYCLE": "name = cycle item in list { carry sum from start = value }",
    "CARRY": "carry name from start = value",
    "WALK": "name = walk node in tree depth_first { down path from start = value  up sum = value }",
    "DOWN": "down name from start = value",
    "UP": "up name = value",
    "RUN": "name = run node in depends_on(graph) { … }",
    "IF": "name = if condition { … } else { … }",
    "WITH": "name = with helper = helper(input) { … }",
    "CONSUME": "stage(consume value)",
    "GUARD": "stage(guard helper)",
}


def form_of(terminal: str) -> str | None:
    """The help that shows a construct's form; nothing for a word that begins none."""
    form = FORMS.get(terminal)
    return f"the form is `{form}`" if form else None
