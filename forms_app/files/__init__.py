"""What an uploaded file really is: opened by the parser of its kind, cleaned where needed, scanned where possible."""
