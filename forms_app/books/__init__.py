"""Accounts of what was promised to citizens, kept apart from the database they are checked against."""
