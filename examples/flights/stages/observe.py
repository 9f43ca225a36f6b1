"""observe.py RAW HOURS POOR CLEAR: the visibility of each hour and airport, in words. Distances are in miles."""

import sys

import duckdb

raw, hours, poor, clear = sys.argv[1:]
db = duckdb.connect(config={"threads": 1})
db.execute(
    """
    CREATE TABLE hour AS
    SELECT origin, time_hour::TIMESTAMP AS time_hour,
           CASE WHEN visib::DOUBLE < ?::DOUBLE THEN 'poor'
                WHEN visib::DOUBLE < ?::DOUBLE THEN 'fair' ELSE 'clear' END AS sight
    FROM read_csv(?, header = true, all_varchar = true, nullstr = 'NA')
    WHERE visib IS NOT NULL
    """,
    [poor, clear, raw],
)
twice = db.execute("SELECT origin, time_hour FROM hour GROUP BY ALL HAVING count(*) > 1").fetchall()
if twice:  # the join would count flights twice
    sys.exit(f"{raw}: more than one observation for {twice[0][0]} at {twice[0][1]} UTC")
db.table("hour").order("origin, time_hour").write_parquet(hours)
