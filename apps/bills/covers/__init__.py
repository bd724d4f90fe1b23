"""The cover sheet of a bill: a scan that goes to the invoice cloud with the bill when it is handed in."""
