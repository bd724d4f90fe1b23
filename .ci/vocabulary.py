"""Checks that code and docs follow docs/glossary.md, and that modules stay small and free of import circles.

``.ci/vocabulary.py [AREA…]`` prints findings by area (``apps/bills``, ``docs``, …) and fails when there is one. A
retired name counts as identifier, file name, URL or term of prose; ordinary English uses of such a word do not.
Connectors and the sandbox, with their tests and pages, may use the vendor's own names.
"""

import ast
import io
import re
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
TOPS = ("apps", "invoicehub", "templates", "tests", "docs")
VENDOR_AREAS = (
    "apps/sources/connectors", "apps/sandbox", "tests/sources", "tests/sandbox", "docs/upstreams",
    # Tests that contain messages or names of the vendors.
    "tests/bills/test_assistant_messages.py", "tests/bills/assistants.py", "tests/safety/test_vendor_words.py",
)  # fmt: skip
MOST_FILLERS, MOST_LINES, MOST_FUNCTION_LINES = 30, 400, 50
FILLERS = frozenset({"found", "said", "told", "wanted", "held", "given", "known"})

# Parts of identifiers, of template variables, of CSS classes and of file names: retired name → name to use.
PARTS = {
    "sighting": "source record", "sightings": "source records",
    "guest": "source record", "guests": "source records", "survivor": "master", "survivors": "masters",
    "living": "master", "standing": "usage", "standings": "usage", "errand": "push command", "errands": "push commands",
    "lane": "ordering key", "lanes": "ordering keys", "teller": "provider", "tellers": "providers",
    "casebook": "case", "alarm": "finding", "alarms": "findings", "watermark": "change cursor",
    "doorbell": "wakeup", "remembering": "request cache",
}  # fmt: skip
# The same, but only where the word had the retired meaning; elsewhere one holds a lease, and a train has seats.
SCOPED_PARTS = {
    "hold": "reservation", "holds": "reservations", "held": "reserved", "holder": "reservation",
    "holders": "reservations", "shell": "redirect", "seat": "source record", "seats": "source records",
}  # fmt: skip
SCOPES = ("apps/invoices", "apps/duplicates", "apps/bills", "apps/vouchers", "templates/bills", "templates/invoices")
# Whole identifiers.
NAMES = {
    "SameDocument": "MergeLink", "InvoiceAlias": "InvoiceKey", "InvoiceUse": "BillInvoice", "BillEntry": "BillLine",
    "KeptReply": "IdempotentResponse", "RedFinding": "Finding", "UpstreamPosition": "ChangeCursor",
    "AlarmWatermark": "ChangeCursor", "holds_source": "circuit_open", "in_doubt": "outcome_unknown",
    "took_effect": "confirm_applied", "words_about": "merge links", "words_after": "merge links",
    "account_subject": "account", "account_dimension": "dimension", "accountDimension": "dimension",
}  # fmt: skip
CLASSES = {
    "Arrival": "SourceRecord", "Member": "SourceRecord", "Statement": "InvoiceRecord", "Alias": "InvoiceKey",
    "Case": "DuplicateCase", "Pair": "CandidatePair", "Decision": "CaseDecision", "Search": "SearchRun",
    "Told": "evidence", "Seen": "source record", "Found": "result", "Standing": "InvoiceUsage",
}  # fmt: skip
VENDOR_NAMES = {"branch_id": "line_key", "bxd_key": "external_key"}
VENDOR_TEXTS = {"Tra": "travel", "Pur": "purchase", "BizOut": "corporate"}
# Stems of files of apps/sources and apps/invoices.
FILES = {"gate": "throttle", "line": "context", "filing": "file_ingest"}
URL_PARTS = {"alarms": "findings", "uses": "invoices", "entry": "line", "holds": "reservations"}
PROSE = {
    r"sightings?": "source record", r"guests?": "source record", r"survivors?": "master",
    r"living (?:one|invoice|row|document)s?": "master", r"(?:the|is|are|who is) living": "master",
    r"errands?": "push command", r"tellers?": "provider", r"casebook": "case", r"doorbells?": "wake-up job",
    r"alarms?": "finding", r"watermarks?": "change cursor", r"kept repl(?:y|ies)": "idempotent response",
    r"(?:holds?|held) (?:an?|the|its|their|which) invoices?": "reserve", r"holds? of a bill": "reservation",
    r"polic(?:y|ies) for holds": "reservation",
    r"say of (?:an|the) invoice": "usage", r"same document words?": "merge link", r"in doubt": "outcome unknown",
    r"account subjects?": "account", r"bxd_key": "external_key", r"branch_id": "line_key",
    "账期": "会计期间", "入账时间": "入库时间", "采用值": "台账值", "隔离区": "异常数据", "放行": "特批",
    "疑点": "风险提示", "红冲预警": "异常发票预警",
}  # fmt: skip
_PROSE = [
    (re.compile(rf"\b{term}\b" if term.isascii() else term, re.IGNORECASE), term, use) for term, use in PROSE.items()
]

# (start of the path, name) → why the name may stay there. At most ten.
EXCEPTIONS: Mapping[tuple[str, str], str] = {
    ("apps/", "holds"): "core.permissions.holds: a person holds a permission; nothing to do with reservations",
    ("docs/glossary.md", ""): "the glossary may name what it replaces",
    ("docs/decisions", ""): "a decision is kept as it was written",
    ("templates/invoices/detail.html", "seat"): "a passenger's seat on a train",
    ("tests/upgrade/", ""): "a database from before 0.1.0 has the old names",
    ("tests/safety/test_vendor_words.py", ""): "it lists the vendors' words, which nothing else may use",
}


class Finding(NamedTuple):
    path: str
    line: int
    text: str

    @property
    def area(self) -> str:
        parts = self.path.split("/")
        return "/".join(parts[:2]) if parts[0] in ("apps", "tests") else parts[0]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main(areas: list[str]) -> int:
    findings = [*retired_names(), *sizes(), *import_circles(), *fillers()]
    chosen = [one for one in findings if not areas or any(one.path.startswith(area) for area in areas)]
    by_area: dict[str, list[Finding]] = defaultdict(list)
    for one in sorted(set(chosen)):
        by_area[one.area].append(one)
    for area, its in sorted(by_area.items()):
        say(f"\n{area}: {len(its)}")
        for one in its:
            say(f"  {one.path}:{one.line}: {one.text}")
    if chosen:
        say(f"\n{len(set(chosen))} findings in {len(by_area)} areas; docs/glossary.md has the terms.")
    return bool(chosen)


def files(*suffixes: str, tops: Iterable[str] = TOPS) -> Iterator[Path]:
    for top in tops:
        for path in sorted((ROOT / top).rglob("*")):
            if path.suffix in suffixes and "__pycache__" not in path.parts and "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def excepted(path: str, name: str) -> bool:
    return any(path.startswith(start) and allowed in ("", name) for start, allowed in EXCEPTIONS)


def is_vendors(path: str) -> bool:
    return path.startswith(VENDOR_AREAS)


def retired_names() -> Iterator[Finding]:
    if len(EXCEPTIONS) > 10:
        yield Finding(".ci/vocabulary.py", 1, "more than ten exceptions")
    for path in files(".py", ".html", ".md"):
        name = name_of(path)
        found = _retired_in_path(path, name)
        if path.suffix == ".py":
            found = [*found, *_retired_in_python(path, name)]
        else:
            found = [*found, *_retired_in_text(path, name)]
        for line, word, use in found:
            if not excepted(name, word):
                yield Finding(name, line, f"{word!r} is retired: {use}")


Retired = tuple[int, str, str]  # line, name, what to use


def _retired_in_path(path: Path, name: str) -> list[Retired]:
    stem = path.stem
    if path.suffix == ".py" and name.startswith(("apps/sources/", "apps/invoices/")) and stem in FILES:
        return [(1, stem, FILES[stem])]
    return [(1, part, PARTS[part]) for part in re.split(r"[_\W]", stem) if part in PARTS]


def words_of(identifier: str) -> list[str]:
    """The words of a snake_case or CamelCase identifier, in small letters."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)]


def _retired_in_identifier(identifier: str, path: str) -> Iterator[tuple[str, str]]:
    if identifier in NAMES:
        yield identifier, NAMES[identifier]
    if identifier in VENDOR_NAMES and not is_vendors(path):
        yield identifier, VENDOR_NAMES[identifier]
    parts = PARTS | SCOPED_PARTS if path.startswith(SCOPES) else PARTS
    if identifier not in FILLERS:  # they are counted
        yield from ((identifier, parts[word]) for word in words_of(identifier) if word in parts)


def _retired_in_python(path: Path, name: str) -> Iterator[Retired]:
    source = path.read_text()
    tree, vendors = ast.parse(source), is_vendors(name)
    for line, identifier in _identifiers(tree):
        for word, use in _retired_in_identifier(identifier, name):
            yield line, word, use
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name.lstrip("_") in CLASSES:
            yield node.lineno, node.name, CLASSES[node.name.lstrip("_")]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value in VENDOR_TEXTS and not vendors:
                yield node.lineno, node.value, VENDOR_TEXTS[node.value]
            if path.name == "urls.py":
                yield from ((node.lineno, p, URL_PARTS[p]) for p in re.split(r"\W", node.value) if p in URL_PARTS)
    for line, text in _prose_of_python(source, tree):
        yield from _retired_in_prose(text, line, vendors)


def _identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names that this file defines or takes as its own; attributes of others are reported where they are defined."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.asname or alias.name) for alias in node.names)


def _prose_of_python(source: str, tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Comments, docstrings and texts with a space, by line."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not node.value.isidentifier():
            yield from enumerate(node.value.splitlines(), node.lineno)


def _retired_in_prose(text: str, line: int, vendors: bool) -> Iterator[Retired]:
    for pattern, term, use in _PROSE:
        if vendors and (not term.isascii() or "_" in term):
            continue  # the vendor's own words
        for match in pattern.finditer(text):
            yield line, match.group(), use


def _retired_in_text(path: Path, name: str) -> Iterator[Retired]:
    vendors = is_vendors(name)
    for line, text in enumerate(path.read_text().splitlines(), 1):
        yield from _retired_in_prose(text, line, vendors)
        if path.suffix == ".html":
            for identifier in _identifiers_of_template(text):
                for word, use in _retired_in_identifier(identifier, name):
                    yield line, word, use


def _identifiers_of_template(text: str) -> set[str]:
    """Names in template variables and tags, translated sentences apart, and in CSS classes and ids."""
    tags = re.findall(r"\{\{.*?\}\}|\{% (?!translate|blocktranslate).*?%\}", text)
    code = [re.sub(r"\"[^\"]* [^\"]*\"|'[^']* [^']*'", "", tag) for tag in tags]
    return set(re.findall(r"[A-Za-z_]\w+", " ".join([*code, *re.findall(r"(?:class|id)=\"([^\"]*)\"", text)])))


def fillers() -> Iterator[Finding]:
    """Assignments to names that say nothing about their content, all of them when there are too many in apps/."""
    rows = [
        Finding(name_of(path), node.lineno, f"assignment to {node.id!r}")
        for path in files(".py", tops=["apps"])
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in FILLERS
    ]
    counts = Counter(row.area for row in rows)
    if len(rows) > MOST_FILLERS:
        say(f"{len(rows)} assignments to filler names in apps/, {MOST_FILLERS} at most: {dict(counts.most_common())}")
        yield from rows


def sizes() -> Iterator[Finding]:
    for path in files(".py", tops=["apps", "invoicehub", "tests"]):
        source = path.read_text()
        lines = source.count("\n")
        if lines > MOST_LINES:
            yield Finding(name_of(path), 1, f"{lines} lines, {MOST_LINES} at most")
        if path.is_relative_to(ROOT / "tests"):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_FUNCTION_LINES:
                    yield Finding(
                        name_of(path), node.lineno, f"{node.name}: {length} lines, {MOST_FUNCTION_LINES} at most"
                    )


def import_circles() -> Iterator[Finding]:
    """Modules of apps/ that import each other, imports inside of functions included, those for type checkers not."""
    paths = {module_of(path): path for path in files(".py", tops=["apps"])}
    imports = {module: set(_imports(path, module, paths.keys())) - {module} for module, path in paths.items()}
    for circle in circles(imports):
        first = min(circle)
        yield Finding(name_of(paths[first]), 1, f"import circle: {' ↔ '.join(sorted(circle))}")


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path, module: str, modules: Iterable[str]) -> Iterator[str]:
    """Modules that a file names in its imports; the packages around them are not counted."""
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in _runtime_nodes(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            parent = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parent, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                if full in modules or base in modules:
                    yield full if full in modules else base


def _runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        children: Iterable[ast.AST] = node.orelse
    else:
        yield node
        children = ast.iter_child_nodes(node)
    for child in children:
        yield from _runtime_nodes(child)


def circles(edges: Mapping[str, set[str]]) -> list[set[str]]:
    """Strongly connected components of more than one node (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    components: list[set[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(edges.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            place = stack.index(node)
            component = set(stack[place:])
            del stack[place:]
            if len(component) > 1:
                components.append(component)

    for node in sorted(edges):
        if node not in index:
            visit(node)
    return components


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
