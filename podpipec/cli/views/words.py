"""Events in the words that plain and live view share."""

from __future__ import annotations

from podpipec.types.units import size_text
from podpipec_runtime import progress
from podpipec_runtime.progress import Progress


def step_name(step: str, element: tuple[str, ...]) -> str:
    """A step with the elements that it is at: `parts/clean[EWR]`."""
    return step + (f"[{', '.join(element)}]" if element else "")


def seconds(amount: float) -> str:
    """A time as a person reads it."""
    if amount < 1:
        return f"{amount * 1000:.0f}ms"
    if amount < 120:
        return f"{amount:.1f}s"
    return f"{amount / 60:.1f}min"


def line(event: Progress) -> str | None:
    """The line for an event; nothing for those that only tables show."""
    match event:
        case progress.Warned():
            return f"note      {event.message}"
        case progress.SnapshotPulled() | progress.SnapshotReused():
            of = ", ".join(part for part in (event.window, event.shard) if part)
            word = "pulled" if isinstance(event, progress.SnapshotPulled) else "unchanged"
            return f"{word:<9} {event.input}{f'[{of}]' if of else ''}  {size_text(event.bytes)}  {event.source}"
        case progress.StepStarted() if event.attempt > 1:
            return f"again     {step_name(event.step, event.element)}  attempt {event.attempt}"
        case progress.StepPublished():
            name = step_name(event.step, event.element)
            return f"done      {name}  {size_text(event.bytes)}  {seconds(event.seconds)}"
        case progress.StepFailed():
            return f"failed    {step_name(event.step, event.element)}  {event.message}"
        case progress.FellBack():
            name = step_name(event.step, event.element)
            return f"fallback  {name}  {event.following} instead of {event.stage}: {event.message}"
        case progress.Chosen():
            branch = "the first branch" if event.holds else "the other branch"
            return f"chosen    {step_name(event.step, event.element)}  {branch}"
        case progress.Kept() if event.copied:
            return f"kept      {step_name(event.step, event.element)}  {size_text(event.bytes)} in {event.place}"
        case progress.Restored():
            return f"restored  {size_text(event.bytes)} to {event.place} from {event.source}"
        case progress.RunEnded() if event.outcome == "done":
            again = f", {event.restored} brought back" if event.restored else ""
            return f"finished  {event.ran} ran, {event.reused} known already{again}, {seconds(event.seconds)}"
    return None
