"""Charts of accounts and dimension lists: standard charts, imports, and what entries must obey."""
