"""The vendor's 发票助手 beside a bill: its pages open in a window of their own, and what people do there arrives here
as messages.

``opening`` opens a page, ``listening`` and ``hearing`` keep what its channel says, ``applying`` does what a message
means, ``changes`` knows how.
"""
