"""Compliance checks: what an accountant would object to on a bill, found before somebody pays.

``checks`` (pure) turn ``facts`` into findings, ``policy`` (pure) gives the level of each for a company and a type of
bill, ``gathering`` reads the facts of a whole bill in a fixed number of queries, ``selectors`` put it together.

A finding of level *block* keeps a bill from being submitted, approved and booked until somebody with the permission
overrides it with a reason; the override names the finding by its facts, so that a changed fact asks again.
"""
