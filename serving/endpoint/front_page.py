"""The page at the root of the endpoint, which says what is here."""

from __future__ import annotations

from serving.endpoint.html import page

_BODY = """\
<h1>Pinch</h1>
<p>Which accounts are slipping away, which quadrant each is moving to, why, and what to do next.</p>
<pre>curl -s localhost:3000/predict -H 'Content-Type: application/json' -d @examples/request.json</pre>
<ul>
<li><a href="docs">docs</a> tells of all that can be asked for, <a href="docs.json">docs.json</a> tells programs</li>
<li><code>POST predict</code> scores accounts from their raw interactions and surveys</li>
<li><code>GET accounts/ID</code> and <code>POST accounts</code> give the scores of the last night, or those by now</li>
<li><code>GET list</code> is tonight's list, <code>GET models</code> what serves</li>
<li><a href="readyz">readyz</a> and <a href="livez">livez</a> say whether it takes requests and whether it lives</li>
<li><a href="metrics">metrics</a> are for Prometheus</li>
</ul>"""

PAGE = page("Pinch", _BODY)
