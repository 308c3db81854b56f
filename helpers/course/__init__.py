"""The course as a whole: run the chapters, report on them, check them. No notebook imports this."""

import sys

# nbformat imports jsonschema, which builds a parser for IRIs: a second in every process, for a
# format that no notebook has. Without the package jsonschema leaves that format unchecked.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
