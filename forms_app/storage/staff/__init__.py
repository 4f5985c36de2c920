"""Who works here and who is logged in: tables of their own, which only the staff surface opens.

On SQLite they are a file of their own, so that the citizen side need not be given it.
"""
