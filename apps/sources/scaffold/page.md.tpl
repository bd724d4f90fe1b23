# $kind: $label

Where the facts come from, with the day they were read: …

## Credentials

| entry | meaning |
|---|---|
| `token` | Token (write-only) |

## Options

| option | default | meaning |
|---|---|---|
| `page_size` | `100` | Invoices in a page. |

## What it gives

…

## What surprises

- …

Code tables and mapping: `$folder`.
