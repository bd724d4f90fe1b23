"""The vendor's 发票助手 beside a bill: its pages open in a window of their own, and choices made there arrive as
messages.

``opening`` opens a page, ``listening`` and ``receiving`` receive and store the messages of its channel, ``applying``
applies a stored message, ``changes`` contains the change of the bill for each type of message.
"""
