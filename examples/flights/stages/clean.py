"""clean.py RAW DEPARTED CANCELLED: an airport's flights, told apart. Without a departure, a flight was cancelled."""

import sys

import duckdb

raw, departed, cancelled = sys.argv[1:]
db = duckdb.connect(config={"threads": 1})  # one thread: the rows keep their order, and the file its bytes
db.execute(
    """
    CREATE TABLE flight AS
    SELECT origin, carrier, flight::INTEGER AS flight, hour::TINYINT AS hour,
           time_hour::TIMESTAMP AS time_hour, dep_delay::INTEGER AS delay
    FROM read_csv(?, header = true, all_varchar = true, nullstr = 'NA')
    """,
    [raw],
)
lacking = db.table("flight").filter("carrier IS NULL OR hour IS NULL OR time_hour IS NULL").limit(1).fetchall()
if lacking:
    sys.exit(f"{raw}: a flight without carrier or scheduled hour: {lacking[0]}")
for path, kind in ((departed, "delay IS NOT NULL"), (cancelled, "delay IS NULL")):
    db.table("flight").filter(kind).order("time_hour, carrier, flight").write_parquet(path)
