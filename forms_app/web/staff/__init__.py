"""The staff surface: the only part of the web that holds the opening key.

A process that serves citizens alone never imports this package.
"""
