"""Stand-alone imitations of the five upstream systems over real HTTP, for demo and tests.

Nothing else of the project is imported here and nothing imports this, so that the connectors are tried against
something written independently from the vendors' pages. ``server.running`` starts it inside a test, ``manage.py
sandbox`` for people.
"""
