"""What case workers do: see what came in, and open it."""
