"""Which part of an invoice's tax a bill may deduct, and why."""
