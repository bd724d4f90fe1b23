"""The cover sheet of a bill: a scan that is pushed to the invoice cloud when the bill is submitted."""
