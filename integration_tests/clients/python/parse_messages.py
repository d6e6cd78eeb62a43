"""Parses each line of standard input as strictly as Python can, and with Airbyte's own models of the protocol.

Prints how many there were of each type.
"""

import collections
import json
import sys
from collections.abc import Iterator

from airbyte_protocol.models import AirbyteMessage


def refuse(number: str) -> None:
    raise ValueError(f"{number} is no JSON")


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from texts(each)


counts: collections.Counter[str] = collections.Counter()
for number, line in enumerate(sys.stdin.buffer, start=1):
    try:
        value = json.loads(line.decode("utf-8"), parse_constant=refuse)
        for text in texts(value):
            if "\0" in text.encode("utf-8").decode("utf-8"):  # half a surrogate pair cannot be encoded
                raise ValueError("databases refuse U+0000")
        message = AirbyteMessage.parse_raw(line)
    except ValueError as error:
        sys.exit(f"line {number}: {error}\n{line[:300]!r}")
    counts[message.type.value] += 1
print(json.dumps(counts))
