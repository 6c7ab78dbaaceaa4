"""What decisions share: preconditions, authority, earlier entries, ways out, cautions."""
