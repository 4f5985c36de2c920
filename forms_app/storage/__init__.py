"""The rows: tables, engine, migrations and one module of queries per noun."""
