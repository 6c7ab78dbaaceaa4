"""What proves to an outsider that a book was not changed."""
