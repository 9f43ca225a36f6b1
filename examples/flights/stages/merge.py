"""merge.py TOTAL PARTS…: the sums of several airports as one. In whatever order they come, the total is the same."""

import sys

import duckdb

total, *parts = sys.argv[1:]
db = duckdb.connect(config={"threads": 1})
db.execute(
    """
    CREATE TABLE total AS
    SELECT carrier, hour, sight, sum(departed)::BIGINT AS departed, sum(minutes)::BIGINT AS minutes,
           sum(late)::BIGINT AS late, sum(cancelled)::BIGINT AS cancelled
    FROM read_parquet(?)
    GROUP BY carrier, hour, sight
    """,
    [parts],
)
db.table("total").order("carrier, hour, sight").write_parquet(total)
