"""Who can read what a citizen writes: codes, encrypted drafts, sealed submissions and signed receipts.

Nothing is imported here, so that the citizen surface never loads `keys`, which belongs to staff.
"""
