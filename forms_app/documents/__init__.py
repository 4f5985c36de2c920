"""Pages as a list of blocks that say what is on them, and the ways to write them out."""
