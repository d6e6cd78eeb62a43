"""Parses each line of standard input with Airbyte's own models of the protocol; prints how many there were of each type."""

import collections
import json
import sys

from airbyte_protocol.models import AirbyteMessage

counts: collections.Counter[str] = collections.Counter()
for number, line in enumerate(sys.stdin.buffer, start=1):
    try:
        message = AirbyteMessage.parse_raw(line)
    except ValueError as error:
        sys.exit(f"line {number}: {error}\n{line[:300]!r}")
    counts[message.type.value] += 1
print(json.dumps(counts))
