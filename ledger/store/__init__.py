"""The only room that knows a disk or a clock: one durable transaction, or nothing."""
