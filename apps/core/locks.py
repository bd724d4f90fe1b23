"""The numbers of PostgreSQL's advisory locks, all of them, so that no two parts take the same one by chance.

A number alone is one lock; a number with a second one (an id, or the hash of a name) is one lock for each. All are held
until the transaction ends. Whoever takes several locks of one number takes them in ascending order.
``docs/contributing/internals.md`` has the same table.
"""

LEDGER = 7_300  # one writer of the ledger at a time (decision 0003)
RESERVATION = 7_301  # with the hash of the master invoice's id: who may reserve it; the trigger takes it too
SOURCE_TOKEN = 7_303  # with the source's id: one login at a time
ORDERING_KEY = 7_304  # with the hash of the key: pushes that share it get ids in the order of their commits
ACCOUNT_BOOK = 7_400  # with the book's id: shared by whoever writes vouchers, exclusive for closing a period
VOUCHER_NUMBERS = 7_401  # with the book's id: one at a time takes, frees or enters numbers of its vouchers
