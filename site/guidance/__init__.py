"""The information site: reads and checks the guidance in `docs/`, and lets MkDocs publish it."""
