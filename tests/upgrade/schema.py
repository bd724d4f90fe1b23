"""The schema of a database out of PostgreSQL's catalogs, as plain data that two databases can be compared by.

>>> differences(described(old), described(new))
['- bills_bill: column bxd_key = character varying(100) not null', '+ bills_bill: column external_key = …']
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

Schema = Mapping[str, str]

# What Django makes up out of table, columns and a hash, and PostgreSQL out of table and columns.
_HASHED = re.compile(r"_[0-9a-f]{8}(_fk(_\w*)?|_uniq|_like)?$")
_PLAIN = re.compile(r"_(pkey|key|check|fkey)\d*$")
# The two ways in which PostgreSQL writes one list: before and after it went through a dump.
_RESTORED = re.compile(r"\('([^']*)'::character varying\)::text")
_ORIGINAL = re.compile(r"\(ARRAY\[([^]]*)\]\)::text\[\]")

# Of each thing: its table, what it is, its name, and its definition. Tables and functions of extensions are left out.
_COLUMNS = """
SELECT c.relname, 'column', a.attname, concat_ws(' ',
       format_type(a.atttypid, a.atttypmod),
       CASE WHEN a.attnotnull THEN 'not null' END,
       CASE WHEN a.attgenerated = 's' THEN 'generated' WHEN d.adbin IS NOT NULL THEN 'default' END,
       pg_get_expr(d.adbin, d.adrelid),
       CASE a.attidentity WHEN 'd' THEN 'identity by default' WHEN 'a' THEN 'identity always' END,
       CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::regcollation::text END)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND c.relnamespace = 'public'::regnamespace
"""
# Version 18 lists "not null" as constraints (n) as well; the columns tell it for every version.
_CONSTRAINTS = """
SELECT conrelid::regclass::text, 'constraint', conname,
       pg_get_constraintdef(oid) || CASE WHEN convalidated THEN '' ELSE ' not valid' END
  FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype IN ('p', 'u', 'c', 'f', 'x')
"""
_INDEXES = """
SELECT i.indrelid::regclass::text, 'index', c.relname,
       replace(pg_get_indexdef(c.oid), format('INDEX %I ON', c.relname), 'INDEX ON')
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE c.relnamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = c.oid AND contype IN ('p', 'u', 'x'))
"""
_TRIGGERS = """
SELECT tgrelid::regclass::text, 'trigger', tgname,
       concat_ws(' ', pg_get_triggerdef(oid), tgenabled, obj_description(oid, 'pg_trigger'))
  FROM pg_trigger WHERE NOT tgisinternal
"""
_FUNCTIONS = """
SELECT '', 'function', oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc p
 WHERE pronamespace = 'public'::regnamespace AND prokind IN ('f', 'p')
   AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
"""
_OTHERS = """
SELECT '', CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' ELSE 'sequence' END, relname,
       coalesce(pg_get_viewdef(oid), '')
  FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND (relkind IN ('v', 'm') OR relkind = 'S'
   AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = c.oid AND deptype IN ('a', 'i')))
UNION ALL SELECT '', 'extension', extname, '' FROM pg_extension
UNION ALL SELECT '', 'type', typname, typtype::text FROM pg_type
 WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
"""
_PARTS = (_COLUMNS, _CONSTRAINTS, _INDEXES, _TRIGGERS, _FUNCTIONS, _OTHERS)


def described(cursor: Any, *, made_up_names: bool = False) -> Schema:
    """Everything in the schema ``public`` by table, kind and name, with its definition, whatever the order of columns.

    Without ``made_up_names`` an index or a constraint whose name nobody chose stands under its definition, so that two
    databases that only differ in such names are equal.
    """
    rows = []
    for statement in _PARTS:
        cursor.execute(statement)
        rows += cursor.fetchall()
    rooms = {table.partition("_")[0] for table, *_ in rows if table}
    schema: dict[str, str] = {}
    repeated: Counter[str] = Counter()
    for table, kind, name, definition in rows:
        place, definition = f"{table}: {kind}" if table else kind, _as_written(definition)
        key = f"{place} {name}"
        if not made_up_names and kind in ("index", "constraint") and _is_made_up(name, rooms):
            key, definition = f"{place} {definition}", ""
            repeated[key] += 1
            key += f" ({repeated[key]})" if repeated[key] > 1 else ""
        schema[key] = definition
    return schema


def _is_made_up(name: str, rooms: Collection[str]) -> bool:
    """``rooms``: what names of tables begin with. PostgreSQL's own names begin so, ``one_reply_per_key`` does not."""
    return bool(_HASHED.search(name) or (_PLAIN.search(name) and name.partition("_")[0] in rooms))


def _as_written(definition: str) -> str:
    return _ORIGINAL.sub(r"ARRAY[\1]", _RESTORED.sub(r"'\1'::character varying", definition))


def differences(before: Schema, after: Schema) -> list[str]:
    """One line for what only ``before`` has (-), only ``after`` has (+), or both have, each in its own way (~)."""
    lines = []
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            lines.append(f"- {_line(key, before[key])}")
        elif key not in before:
            lines.append(f"+ {_line(key, after[key])}")
        elif before[key] != after[key]:
            lines.append(f"~ {_line(key, before[key])}\n    now {after[key]}")
    return lines


def _line(key: str, definition: str) -> str:
    return f"{key} = {definition}" if definition else key
