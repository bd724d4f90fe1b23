"""Stand-alone imitations of the five upstream systems over real HTTP, for demo and tests.

It imports nothing else of the project and nothing imports it, so that the connectors are tested against an independent
implementation of the vendors' documentation. ``server.running`` starts it in a test, ``manage.py sandbox`` on a
terminal.
"""
