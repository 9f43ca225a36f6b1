"""The commands by name. A command's file is imported when it is called, or when all are listed."""

from __future__ import annotations

from importlib import import_module

import click

from podpipec import __version__

#: Name, and the line that the list of commands shows.
COMMANDS = {
    "check": "Check a program and say what is wrong with it.",
    "build": "Compile a flow to Kubernetes manifests.",
    "plan": "Print the plan of a flow.",
    "run": "Run a flow on this machine.",
    "graph": "Draw a flow as Mermaid, DOT or SVG.",
    "cost": "Say what a flow moves and asks for, and what other ways would.",
    "fix": "Mend a program where it is certain what was meant.",
    "fmt": "Lay out programs in the one way that all of them share.",
    "doc": "Write what a program declares, with its doc comments, as Markdown.",
    "explain": "Explain a code, such as L1.",
}


class Commands(click.Group):
    """A group that knows its commands by name and imports a command's file when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"podpipec.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from podpipec.diagnostics import did_you_mean

        if args and args[0] not in COMMANDS:
            hint = did_you_mean(args[0], COMMANDS)
            ctx.fail(f"no such command `{args[0]}`" + (f": {hint[0]}" if hint else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="podpipec %(version)s")
def podpipec() -> None:
    """Compile and run .flow programs: data processing that keeps the data where it is.

    Exit status: 0 done, 1 the program is wrong, 2 the command was called wrongly, 3 the data are not what the
    program says, 4 a stage failed, 70 a mistake of podpipec's own, 130 interrupted.
    """
