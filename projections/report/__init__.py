"""What is published: the tables of an edition, their relations, and where a figure comes from."""
