"""What citizens do: begin, save, upload, send, and read their receipt."""
