"""Brings what is owed to the municipality's own systems: at least once, always under the same key."""
