"""The page at the root of the endpoint, which says what is here and loads nothing from anywhere else."""

from __future__ import annotations

ICON = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<path fill="#c44" d="M0 8h8v8H0z"/><path fill="#888" d="M0 0h8v8H0z"/>
<path fill="#aaa" d="M8 8h8v8H8z"/><path fill="#383" d="M8 0h8v8H8z"/>
</svg>
"""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pinch</title>
<link rel="icon" type="image/svg+xml" href="favicon.ico">
<style>
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
pre { overflow-x: auto; }
</style>
</head>
<body>
<h1>Pinch</h1>
<p>Which accounts are slipping away, which quadrant each is moving to, and why.</p>
<pre>curl -s localhost:3000/predict -H 'Content-Type: application/json' -d @examples/request.json</pre>
<ul>
<li><code>POST predict</code> scores accounts from their raw interactions and surveys</li>
<li><a href="docs.json">docs.json</a> describes requests and answers (OpenAPI)</li>
<li><a href="readyz">readyz</a> and <a href="livez">livez</a> say whether it takes requests and whether it lives</li>
<li><a href="metrics">metrics</a> are for Prometheus</li>
</ul>
</body>
</html>
"""
