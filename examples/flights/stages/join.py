"""join.py FLOWN HOURS SEEN: each flight with the visibility at its airport; `unknown` where nobody observed it."""

import sys

import duckdb

flown, hours, seen = sys.argv[1:]
db = duckdb.connect(config={"threads": 1})
db.execute(
    """
    CREATE TABLE seen AS
    SELECT flown.*, coalesce(hours.sight, 'unknown') AS sight
    FROM read_parquet(?) AS flown LEFT JOIN read_parquet(?) AS hours USING (origin, time_hour)
    """,
    [flown, hours],
)
db.table("seen").order("time_hour, carrier, flight").write_parquet(seen)
