"""Ways to break a program, each with the codes that would name the break.

A mutation looks at the tree of a program and gives every place where it could break it, as edits of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from podpipec.source import Span
from podpipec.syntax import tree

#: Replace what stands from an offset to another.
Edit = tuple[int, int, str]


class Program(NamedTuple):
    """A program's text and tree."""

    text: str
    module: tree.Module


class Mutation(NamedTuple):
    """What is done, where it can be done, and the codes that name what is then wrong."""

    name: str
    places: Callable[[Program], Iterator[list[Edit]]]
    codes: frozenset[str]


TABLE: list[Mutation] = []


def breaks(name: str, codes: str) -> Callable[[Callable[[Program], Iterator[list[Edit]]]], None]:
    """Add a mutation to the table."""

    def add(places: Callable[[Program], Iterator[list[Edit]]]) -> None:
        TABLE.append(Mutation(name, places, frozenset(codes.split())))

    return add


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits done, which do not overlap."""
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


# --- looking at a tree ---


def flows(program: Program) -> Iterator[tree.Flow]:
    return (one for one in program.module.declarations if isinstance(one, tree.Flow))


def stages(program: Program) -> Iterator[tree.Stage]:
    return (one for one in program.module.declarations if isinstance(one, tree.Stage))


def snapshots(program: Program) -> Iterator[tree.Snapshot]:
    return (one for one in program.module.declarations if isinstance(one, tree.Snapshot))


def pods(program: Program) -> Iterator[tree.Pod]:
    return (one for one in program.module.declarations if isinstance(one, tree.Pod))


def statements(body: tuple[tree.Statement, ...]) -> Iterator[tree.Statement]:
    for statement in body:
        yield statement
        if not isinstance(statement, tree.Keep) and isinstance(statement.value, tree.Each):
            yield from statements(statement.value.body)


def calls(program: Program) -> Iterator[tree.Call]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement.value, tree.Call):
                yield statement.value


def settings(
    declared: Iterable[tree.Snapshot] | Iterable[tree.Pod] | Iterable[tree.Stage], *words: str
) -> Iterator[tree.Setting]:
    for one in declared:
        yield from (setting for setting in one.settings if setting.word.text in words)


def replaced(span: Span, new: str) -> list[Edit]:
    return [(span.start, span.end, new)]


def without(span: Span) -> list[Edit]:
    return replaced(span, "")


def at(offset: int, new: str) -> list[Edit]:
    return [(offset, offset, new)]


# --- places and checkpoints ---


@breaks("drop a keep", "L1 L4 F1 T016")
def _drop_keep(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement, tree.Keep):
                yield without(statement.span)


@breaks("keep in a place that does not outlive it", "T013")
def _keep_in_ram(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement, tree.Keep):
                yield [
                    *replaced(statement.place.span, "ram"),
                    *(without(statement.path.span) if statement.path else []),
                ]


@breaks("keep what is a slice already", "T013")
def _keep_slice(program: Program) -> Iterator[list[Edit]]:
    names = {snapshot.name.text for snapshot in snapshots(program)}
    for flow in flows(program):
        for parameter in flow.inputs:
            if isinstance(parameter.type, tree.TypeName) and parameter.type.name.text in names:
                yield at(flow.span.end - 1, f" keep {parameter.name.text} in ram ")


@breaks("misspell a place", "N001")
def _misspell_place(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement, tree.Keep) or isinstance(statement.value, tree.Move):
                place = statement.place if isinstance(statement, tree.Keep) else None
                move = statement.value
                yield replaced((place or move.place).span, "nodee")  # type: ignore[union-attr]  # one of the two


@breaks("swap a place", "T013 L4 R2 L1")
def _swap_place(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in statements(flow.body):
            if isinstance(statement, tree.Let) and statement.place is not None:
                yield replaced(statement.place.span, "ram" if statement.place.text != "ram" else "node")


@breaks("take a place from the pod", "T009 T013 L1 L4 R2")
def _drop_place(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(pods(program), "ram", "node", "volume"):
        yield without(setting.span)


@breaks("claim to survive a node", "F1 L1")
def _claim(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        if flow.pod is not None and flow.survives is None:
            yield at(flow.pod.span.end, " survives node")


# --- sizes ---


@breaks("enlarge a snapshot", "R2")
def _enlarge(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(snapshots(program), "size"):
        yield replaced(setting.values[0].span, "100TiB")


@breaks("enlarge an output", "R2 R4")
def _enlarge_output(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(stages(program), "size"):
        yield replaced(setting.values[0].span, "100TiB")


@breaks("remove a snapshot's size", "R2")
def _no_size(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(snapshots(program), "size"):
        yield without(setting.span)


@breaks("shrink a place", "R2")
def _shrink(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(pods(program), "ram", "node", "volume"):
        yield replaced(setting.values[0].span, "1B")


@breaks("cpu over the pod", "R1")
def _cores(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        if not any(setting.word.text == "cpu" for setting in stage.settings):
            yield at(stage.span.end - 1, " cpu 999 ")


@breaks("memory over the pod", "R1")
def _memory(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        if not any(setting.word.text == "memory" for setting in stage.settings):
            yield at(stage.span.end - 1, " memory 90TiB ")


@breaks("half an exclusive core", "R3")
def _half(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(pods(program), "cpu"):
        yield replaced(setting.span, "cpu 64.5 exclusive")


@breaks("unknown unit", "V001 V002 V003 V004")
def _unit(program: Program) -> Iterator[list[Edit]]:
    sizes = (*settings(snapshots(program), "size"), *settings(pods(program), "memory", "ram", "node", "volume"))
    for setting in sizes:
        if isinstance(setting.values[0], tree.Number):
            yield replaced(setting.values[0].span, setting.values[0].digits + "KiX")


# --- names and calls ---


@breaks("rename a use", "N001")
def _rename(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        for argument in call.arguments:
            if isinstance(argument.value, tree.Name):
                yield replaced(argument.value.span, argument.value.text + "_gone")


@breaks("rename what is called", "N001")
def _rename_call(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        yield at(call.callee.span.end, "_gone")


@breaks("rename the pod", "N001")
def _rename_pod(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        if flow.pod is not None:
            yield at(flow.pod.span.end, "_gone")


@breaks("drop an argument", "T001 T002")
def _drop_argument(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        if call.arguments:
            first = call.arguments[0].span
            end = call.arguments[1].span.start if len(call.arguments) > 1 else first.end
            yield [(first.start, end, "")]


@breaks("an argument too many", "T002")
def _extra_argument(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        if call.arguments and call.arguments[-1].name is None:
            yield at(call.arguments[-1].span.end, ", 1")


@breaks("swap two arguments", "T001 T003")
def _swap(program: Program) -> Iterator[list[Edit]]:
    for call in calls(program):
        for one, other in zip(call.arguments, call.arguments[1:], strict=False):
            if one.name is None and other.name is None:
                first, second = (program.text[each.span.start : each.span.end] for each in (one, other))
                yield [*replaced(one.span, second), *replaced(other.span, first)]


@breaks("change a content type", "T001")
def _content(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        for port in stage.inputs:
            if isinstance(port.type, tree.TypeName) and port.type.name.text not in ("File", "Dir", "String", "Int"):
                yield replaced(port.type.name.span, "Arrow" if port.type.name.text != "Arrow" else "Json")


@breaks("one where a list is asked for", "T001")
def _list(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        for port in stage.inputs:
            if isinstance(port.type, tree.TypeName) and port.type.name.text not in ("String", "Int", "Size"):
                mark = "" if port.type.lists else "[]"
                yield replaced(port.type.span, port.type.name.text + mark)


@breaks("write a name twice", "S3")
def _twice(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in flow.body:
            if isinstance(statement, tree.Let) and isinstance(statement.value, tree.Call):
                text = program.text[statement.span.start : statement.span.end]
                yield at(flow.span.end - 1, f" {text} ")


@breaks("declare a name twice", "N002")
def _declare_twice(program: Program) -> Iterator[list[Edit]]:
    for declared in program.module.declarations:
        if not isinstance(declared, tree.Stage | tree.Snapshot | tree.Pod):
            continue
        yield at(declared.span.end, "\n" + program.text[declared.span.start : declared.span.end].lstrip("#"))


@breaks("use an element outside", "L6 N001")
def _outside(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in flow.body:
            if not isinstance(statement, tree.Keep) and isinstance(statement.value, tree.Each):
                for inner in statement.value.body:
                    if isinstance(inner, tree.Let):
                        yield at(flow.span.end - 1, f" keep {inner.name.text} in volume ")
                yield at(flow.span.end - 1, f" keep {statement.value.item.text} in volume ")


@breaks("a circle", "T005")
def _circle(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for statement in flow.body:
            if isinstance(statement, tree.Let) and isinstance(statement.value, tree.Call) and not statement.after:
                yield at(statement.value.span.end, f" after {statement.name.text}")


@breaks("a result that nobody writes", "L6 N001")
def _result(program: Program) -> Iterator[list[Edit]]:
    for flow in flows(program):
        for name in flow.results:
            yield at(name.span.end, "_gone")


# --- commands and snapshots ---


@breaks("an output that the command is not told of", "L6 N001")
def _untold(program: Program) -> Iterator[list[Edit]]:
    for stage in stages(program):
        for setting in stage.settings:
            command = setting.values[0] if setting.values else None
            if setting.word.text != "run" or not isinstance(command, tree.ListOf) or len(command.items) < 2:
                continue
            outputs = {port.name.text for port in stage.outputs}
            for before, item in zip(command.items, command.items[1:], strict=False):
                if isinstance(item, tree.Name) and item.text in outputs:
                    yield [(before.span.end, item.span.end, "")]


@breaks("drop {shard}", "T011")
def _no_shard(program: Program) -> Iterator[list[Edit]]:
    yield from _without_hole(program, "{shard", "shards")


@breaks("drop {window}", "T011")
def _no_window(program: Program) -> Iterator[list[Edit]]:
    yield from _without_hole(program, "{window", "window")


def _without_hole(program: Program, hole: str, word: str) -> Iterator[list[Edit]]:
    for snapshot in snapshots(program):
        if not any(setting.word.text == word for setting in snapshot.settings):
            continue
        for setting in settings([snapshot], "from"):
            span = setting.values[0].span
            start = program.text.find(hole, span.start, span.end)
            if start >= 0:
                yield [(start, program.text.index("}", start) + 1, "x")]


@breaks("change a window", "S1")
def _window(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(snapshots(program), "window"):
        yield replaced(setting.values[0].span, "90m")


@breaks("change the shards of one snapshot", "S2")
def _shards(program: Program) -> Iterator[list[Edit]]:
    for setting in settings(snapshots(program), "shards"):
        yield replaced(setting.values[0].span, '["other", "names"]')


@breaks("a window that the path has no use for", "T011")
def _extra_window(program: Program) -> Iterator[list[Edit]]:
    for snapshot in snapshots(program):
        if not any(setting.word.text == "window" for setting in snapshot.settings):
            yield at(snapshot.span.end - 1, " window 1h ")


# --- syntax ---


@breaks("a missing brace", "P001 P002 P003 P004 P005 P007")
def _brace(program: Program) -> Iterator[list[Edit]]:
    for declared in program.module.declarations:
        if isinstance(declared, tree.Flow | tree.Stage | tree.Pod | tree.Snapshot):
            yield [(declared.span.end - 1, declared.span.end, "")]


@breaks("an unclosed string", "P001 P002 P003 P004 P005 P007")
def _quote(program: Program) -> Iterator[list[Edit]]:
    for setting in (*settings(snapshots(program), "from"), *settings(stages(program), "image")):
        value = setting.values[0]
        if isinstance(value, tree.String) and not value.long:
            yield [(value.span.end - 1, value.span.end, "")]


@breaks("misspell a setting", "P001 P002 P003 P004 P005 P007")
def _setting(program: Program) -> Iterator[list[Edit]]:
    for setting in settings([*stages(program)], "run", "sh", "image", "cpu", "memory", "size"):
        yield at(setting.word.span.end, "x")
