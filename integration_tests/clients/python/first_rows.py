"""Prints the first rows of a stream, and reads no more of it."""

import os
import sys

import airbyte as ab

stream, limit = sys.argv[1:]
source = ab.get_source(
    "source-intercom",
    local_executable="./node_modules/.bin/source-intercom",
    config={"access_token": os.environ["INTERCOM_ACCESS_TOKEN"]},
)
records = source.get_records(stream, limit=int(limit))  # PyAirbyte stops reading when nobody holds this any more
for record in records:
    print(record["id"])
