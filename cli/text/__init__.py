"""An answer as text: one file a question."""
