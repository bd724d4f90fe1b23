[project]
name = "invoicehub-$kind"
version = "0.1.0"
description = "$label as a source of invoicehub"
requires-python = ">=3.11"

# invoicehub finds the connector by this line once the package is installed in its virtual environment.
[project.entry-points."invoicehub.connectors"]
$kind = "$module:$class_name"

[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
packages = ["$module"]
