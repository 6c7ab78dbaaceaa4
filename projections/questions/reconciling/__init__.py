"""与银行、财政对账: what a statement and the book have in common, and what one of them lacks."""
