"""Characters that survive being read aloud and written by hand, and the reference numbers made of them.

Below both the forms, which look at a typed reference, and the sealing, whose codes have the same characters.
"""
