"""What we ask: question types, steps and the three forms."""
