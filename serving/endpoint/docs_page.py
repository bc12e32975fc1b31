"""The description as a page for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any

from serving.endpoint.html import page
from serving.endpoint.openapi import description

Schema = Mapping[str, Any]
_BOUNDS = {
    "minimum": "from {:,}",
    "maximum": "to {:,}",
    "minItems": "at least {:,}",
    "maxItems": "at most {:,}",
    "minLength": "at least {:,} long",
    "maxLength": "at most {:,} long",
}


@cache
def docs_page() -> str:
    """The page."""
    told = description()
    info = told["info"]
    parts = [
        f"<h1>{info['title']}, version {info['version']}</h1>",
        f"<p>{escape(info['description'])}</p>",
        '<p class="soft">The same for programs: <a href="docs.json">docs.json</a> (OpenAPI).</p>',
    ]
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            parts.append(_operation(f"{method.upper()} {path}", operation))
    for name, schema in told["components"]["schemas"].items():
        parts.append(_schema(name, schema))
    return page("Pinch: what can be asked for", "\n".join(parts))


def _operation(title: str, operation: Schema) -> str:
    parts = [f"<section><h2>{escape(title)}</h2>", f"<p>{escape(operation['summary'])}"]
    parts.append(f" {escape(operation.get('description', ''))}</p>")
    asked = [
        (each["name"], _type(each["schema"]), each.get("description", ""))
        for each in operation.get("parameters", ())
    ]
    if asked:
        parts.append(_table(("parameter", "what it is", ""), asked))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        parts.append(f"<p>Takes {_type(body['schema'])}, for example:</p>")
        shown = body["examples"].values()
        parts += [_json(example["value"]) for example in shown]
    parts.append(_table(("status", "what it means", "what it holds"), _rows(operation)))
    parts += [_json(shown) for shown in _shown(operation)]
    return "\n".join([*parts, "</section>"])


def _rows(operation: Schema) -> Iterable[tuple[str, str, str]]:
    for status, answer in operation["responses"].items():
        held = [_type(of["schema"]) for of in answer.get("content", {}).values()]
        yield status, escape(answer["description"]), "".join(held)


def _shown(operation: Schema) -> Iterable[Any]:
    for of in operation["responses"]["200"].get("content", {}).values():
        if "example" in of:
            yield of["example"]


def _schema(name: str, schema: Schema) -> str:
    required = schema.get("required", ())
    rows = [
        (
            f"{field}"
            if field in required
            else f"{field} <span class=soft>(optional)</span>",
            _type(of),
            escape(of.get("description", "")),
        )
        for field, of in schema.get("properties", {}).items()
    ]
    said = escape(schema.get("description", ""))
    head = f'<section id="{name}"><h2>{name}</h2><p>{said}</p>'
    return f"{head}{_table(('field', 'what it is', ''), rows)}</section>"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = ["".join(f"<th>{cell}</th>" for cell in head)]
    lines += ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _type(schema: Schema) -> str:
    """What may stand there, in words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(either) for either in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(one))}</code>" for one in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(json.dumps(schema['const']))}</code>"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}{_bounds(schema)}"
    return f"{schema.get('format', schema.get('type', 'anything'))}{_bounds(schema)}"


def _bounds(schema: Schema) -> str:
    told = [
        said.format(schema[name]) for name, said in _BOUNDS.items() if name in schema
    ]
    return f" ({', '.join(told)})" if told else ""


def _json(value: object) -> str:
    return f"<pre>{escape(json.dumps(value, indent=1))}</pre>"
