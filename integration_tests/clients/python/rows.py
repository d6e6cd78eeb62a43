"""Prints every row of every table in a schema of a DuckDB file, as a line of JSON each: {"table": ..., "row": {...}}."""

import sys

import duckdb

path, schema = sys.argv[1:]
connection = duckdb.connect(path, read_only=True)
tables = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = ?", [schema]).fetchall()
for (table,) in tables:
    for (line,) in connection.execute(f"""SELECT json_object('table', '{table}', 'row', t) FROM "{schema}"."{table}" t""").fetchall():
        print(line)
