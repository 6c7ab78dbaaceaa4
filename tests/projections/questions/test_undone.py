"""What undid an entry, at a cut: a reversal, a correction, or what approved one."""
