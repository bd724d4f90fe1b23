"""Compliance checks: an accountant's objections to the invoices on a bill, reported before it is paid.

``checks`` (pure) turn ``facts`` into findings, ``policy`` (pure) gives the level of each for a company and a type of
bill, ``gathering`` reads the facts of a whole bill in a fixed number of queries, ``selectors`` combine them.

A finding of level *block* keeps a bill from being submitted, approved and booked until a person with the permission
overrides it with a reason. The override refers to the facts of the finding: when a fact changes, the finding counts
again.
"""
