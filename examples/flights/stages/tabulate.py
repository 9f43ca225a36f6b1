"""tabulate.py TOTAL NAMES TABLES FIGURES LEAST: the averages by carrier and by hour of the day.

An average over fewer than LEAST departures is shown as `·`.
"""

import sys
from pathlib import Path

import duckdb

SIGHTS = ("poor", "fair", "clear")

total, names, tables, figures, least = sys.argv[1:]
db = duckdb.connect(config={"threads": 1})
db.execute("CREATE TABLE total AS FROM read_parquet(?)", [total])
db.execute("CREATE TABLE airline AS FROM read_csv(?, header = true, all_varchar = true)", [names])
db.table("total").order("carrier, hour, sight").write_csv(figures, header=True)


def average(minutes: int, departed: int) -> str:
    return f"{minutes / departed:.1f}" if departed >= max(int(least), 1) else "·"


def table(title: str, rows: list[tuple[str, dict[str, tuple[int, int, int, int]]]]) -> str:
    """Lines of averages by visibility, with counts behind them. A cell is departed, minutes, late, cancelled."""
    head = [f"{title:<28}", *(f"{sight:>7}" for sight in (*SIGHTS, "all")), " departed   late  cancelled"]
    lines = ["".join(head)]
    for name, cells in rows:
        departed, minutes, late, cancelled = (sum(column) for column in zip(*cells.values(), strict=True))
        shown = [average(cells[sight][1], cells[sight][0]) if sight in cells else "·" for sight in SIGHTS]
        averages = "".join(f"{text:>7}" for text in (*shown, average(minutes, departed)))
        share = f"{late / departed:.0%}" if departed else "·"
        lines.append(f"{name:<28}{averages}{departed:>9}{share:>7}{cancelled:>11}")
    return "\n".join(lines)


def rows(query: str) -> list[tuple[str, dict[str, tuple[int, int, int, int]]]]:
    """A query's (name, sight, departed, minutes, late, cancelled) by name, in the query's order."""
    found: dict[str, dict[str, tuple[int, int, int, int]]] = {}
    for name, sight, *cell in db.execute(query).fetchall():
        departed, minutes, late, cancelled = cell
        found.setdefault(name, {})[sight] = (departed, minutes, late, cancelled)
    return list(found.items())


by_carrier = rows(
    """
    SELECT coalesce(airline.name, carrier), sight, sum(departed)::BIGINT, sum(minutes)::BIGINT, sum(late)::BIGINT,
           sum(cancelled)::BIGINT
    FROM total LEFT JOIN airline USING (carrier) GROUP BY ALL ORDER BY ALL
    """
)
by_hour = rows(
    """
    SELECT format('{:02d}:00', hour), sight, sum(departed)::BIGINT, sum(minutes)::BIGINT, sum(late)::BIGINT,
           sum(cancelled)::BIGINT
    FROM total GROUP BY ALL ORDER BY ALL
    """
)
everything = rows(
    """
    SELECT 'all flights', sight, sum(departed)::BIGINT, sum(minutes)::BIGINT, sum(late)::BIGINT, sum(cancelled)::BIGINT
    FROM total GROUP BY ALL ORDER BY ALL
    """
)
text = (
    "Average departure delay in minutes, by visibility\n\n"
    f"{table('carrier', by_carrier + everything)}\n\n{table('to depart at', by_hour)}\n"
)
Path(tables).write_text(text, encoding="utf-8")
