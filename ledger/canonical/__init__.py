"""The public file of contract §3, both ways: a row becomes a request, an entry becomes rows."""
