"""Reads an Intercom workspace into a DuckDB file; run again, it brings what has changed since.

    npm install source-intercom
    pip install airbyte
    INTERCOM_ACCESS_TOKEN=... python read.py
    INTERCOM_ACCESS_TOKEN=... python read.py contacts conversations   # these streams only

Node 22.20 or later has to be in the PATH. Set DO_NOT_TRACK=1 to send no telemetry to Airbyte.
"""

import os
import sys

import airbyte as ab

source = ab.get_source(
    "source-intercom",
    local_executable="./node_modules/.bin/source-intercom",
    config={
        "access_token": os.environ["INTERCOM_ACCESS_TOKEN"],
        # Without it, all of history is read. docs/configuration.md describes everything that may stand here.
        # "start_date": "2024-01-01",
    },
)
source.check()
source.select_streams(sys.argv[1:] or "*")

# Rows and state are in this file, so that the next run goes on where this one ended, and replaces rows that changed.
cache = ab.DuckDBCache(db_path="intercom.duckdb")
result = source.read(cache=cache)

print(f"{result.processed_records} rows read")
for name, dataset in result.items():
    print(f"{name}: {len(dataset)} rows")
