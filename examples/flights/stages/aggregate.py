"""aggregate.py DEPARTED CANCELLED SUMS LATE: counts and minutes of delay by carrier, hour of the day and visibility."""

import sys

import duckdb

departed, cancelled, sums, late = sys.argv[1:]
db = duckdb.connect(config={"threads": 1})
db.execute(
    """
    CREATE TABLE sums AS
    SELECT carrier, hour, sight, count(delay) AS departed, coalesce(sum(delay), 0)::BIGINT AS minutes,
           count(*) FILTER (delay >= ?::INTEGER) AS late, count(*) FILTER (delay IS NULL) AS cancelled
    FROM (FROM read_parquet(?) UNION ALL FROM read_parquet(?))
    GROUP BY carrier, hour, sight
    """,
    [late, departed, cancelled],
)
db.table("sums").order("carrier, hour, sight").write_parquet(sums)
