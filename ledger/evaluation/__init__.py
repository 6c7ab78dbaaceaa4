"""绩效自评 as text: points and targets, read and told."""
