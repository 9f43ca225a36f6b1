"""A table on the terminal that is always of now: slots and what is in them, bytes on each place, time."""

from __future__ import annotations

import time

from rich.console import Console, Group, RenderableType
from rich.live import Live as RichLive
from rich.table import Table
from rich.text import Text

from podpipec.cli.views.words import line, seconds, step_name
from podpipec.types.units import size_text
from podpipec_runtime import progress
from podpipec_runtime.progress import Progress

_BAR = 24
_STYLES = {
    "failed": "red",
    "again": "yellow",
    "fallback": "yellow",
    "note": "yellow",
    "finished": "bold",
    "kept": "cyan",
    "restored": "cyan",
}


class Live:
    """The view for a terminal: what is over scrolls by above, what is going on stands below."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._flow = ""
        self._slots: dict[int, tuple[progress.StepStarted, float] | None] = {}
        self._sizes: dict[str, int] = {}
        self._now: dict[str, int] = {}
        self._peak: dict[str, int] = {}
        self._ran = self._reused = 0
        console = Console(stderr=True)
        self._live = RichLive(get_renderable=self._table, console=console, refresh_per_second=8, transient=True)
        self._live.start()

    def show(self, event: Progress) -> None:
        self._take(event)
        text = line(event)
        if text is not None:
            word = text.split(" ", 1)[0]
            self._live.console.print(Text(text, style=_STYLES.get(word, "")), soft_wrap=True)

    def close(self) -> None:
        self._live.stop()

    def _take(self, event: Progress) -> None:
        match event:
            case progress.RunStarted():
                self._flow = event.flow
                self._slots = dict.fromkeys(range(event.slots))
                self._sizes = dict(event.sizes)
            case progress.StepStarted():
                self._slots = {**self._slots, event.slot: (event, time.monotonic())}
            case progress.StepPublished() | progress.StepFailed():
                self._ran += isinstance(event, progress.StepPublished)
                self._slots = {slot: None if _is(held, event) else held for slot, held in self._slots.items()}
            case progress.StepReused():
                self._reused += 1
            case progress.PlacesUsed():
                self._now, self._peak = dict(event.now), dict(event.peak)

    def _table(self) -> RenderableType:
        elapsed = seconds(time.monotonic() - self._began)
        head = Text(f"{self._flow}  {elapsed}  {self._ran} ran, {self._reused} known already", style="bold")
        slots = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        for slot, held in self._slots.items():
            if held is None:
                slots.add_row(f"slot {slot}", Text("idle", style="dim"), "", "")
                continue
            event, since = held
            again = f"attempt {event.attempt}" if event.attempt > 1 else ""
            slots.add_row(
                f"slot {slot}", Text(step_name(event.step, event.element)), seconds(time.monotonic() - since), again
            )
        places = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
        for place, size in self._sizes.items():
            now, peak = self._now.get(place, 0), self._peak.get(place, 0)
            places.add_row(place, _bar(now, size), f"{size_text(now)} of {size_text(size)}", f"peak {size_text(peak)}")
        return Group(head, slots, places)


def _is(held: tuple[progress.StepStarted, float] | None, event: progress.StepPublished | progress.StepFailed) -> bool:
    return held is not None and (held[0].step, held[0].element) == (event.step, event.element)


def _bar(now: int, size: int) -> Text:
    filled = min(_BAR, round(_BAR * now / size)) if size else 0
    return Text("█" * filled, style="green") + Text("░" * (_BAR - filled), style="dim")
