"""`result: T = run recipe(x)`: a flow that a stage wrote, with what it is given, and the content that it must give."""

from __future__ import annotations

from podpipec.diagnostics import error
from podpipec.diagnostics.wording import a
from podpipec.syntax import tree
from podpipec.types.content import UNKNOWN, Content, builtin, fits, resolve
from podpipec.types.flow_steps.context import Line, Work
from podpipec.types.origin import FromStep
from podpipec.types.typed import ExecuteStep, Value


def execute(written: tree.Execute, line: Line, work: Work) -> Value:
    """What the flow gives, of the content that is said in front."""
    step = line.step("run")
    broken = Value(None, UNKNOWN, written.span, step=step)
    content = _content(written, line, work)
    if not isinstance(written.call, tree.Call):
        work.say(
            "T004", "a flow that is run is given its arguments in brackets", written.span, help="write `run recipe(…)`"
        )
        return broken
    recipe = work.values.value(written.call.callee, line.scope)
    args = _arguments(written.call, line, work)
    if recipe.origin is None or not _is_flow(recipe, work) or content is None or args is None:
        return broken
    line.steps.append(ExecuteStep(step, recipe, args, content, line.place, line.after, written.span))
    return Value(FromStep(step, ""), content, written.span, step=step)


def _content(written: tree.Execute, line: Line, work: Work) -> Content | None:
    """The content in front of the line; without it nobody knows what comes of a flow that is not written yet."""
    let = line.statement
    if not isinstance(let, tree.Let) or let.type is None:
        name = let.name.text if isinstance(let, tree.Let) else "result"
        work.say(
            "T001",
            "what does this flow give?",
            written.span,
            "it is written at run time, and its content is not known before",
            help=f"say it: `{name}: Parquet = run …`",
        )
        return None
    # what is wrong with a type is told where it is said
    found = resolve(let.type, work.declared.scopes, [], work.variables)
    if found.scalar or found.lists or found.live:
        message = f"a flow that is run cannot give {a(f'`{found}`')}"
        work.say("T001", message, let.type.span, "no one file or folder", help="let it give one file or folder")
        return None
    if found.name != UNKNOWN.name and found != found.root:
        work.say(
            "T001",
            f"`{found}` is a type of this program, and a flow that is run knows those of the language alone",
            let.type.span,
            "nobody could check this",
            help=f"say `{found.root}`, and let a stage make a `{found}` of it",
        )
        return None
    return None if found.name == UNKNOWN.name else found


def _is_flow(recipe: Value, work: Work) -> bool:
    if recipe.content.name == UNKNOWN.name or fits(recipe.content, builtin("Flow")):
        return recipe.content.name != UNKNOWN.name
    work.found.append(
        error(
            "T001",
            f"`run` runs a `Flow`, and this is {a(f'`{recipe.content}`')}",
            recipe.span,
            "no `Flow`",
            help="a stage that writes one says so: `-> recipe: Flow`",
        )
    )
    return False


def _arguments(call: tree.Call, line: Line, work: Work) -> dict[str, Value] | None:
    """The arguments by their names, or by their numbers; whether the flow asks for these shows when it is there."""
    found: dict[str, Value] = {}
    sound = True
    for number, argument in enumerate(call.arguments, start=1):
        value = work.values.value(argument.value, line.scope)
        if argument.mode is not None:
            work.say("T001", "a flow that is run is given what it reads", argument.mode.span, help="take the word away")
            sound = False
        name = argument.name.text if argument.name else str(number)
        if name in found:
            work.say("T002", f"`{name}` is given twice", argument.span, "again here")
        found.setdefault(name, value)
        sound = sound and value.origin is not None and not work.misuse(value, "element", argument.value.span)
    return found if sound else None
