"""An adapter: scores for the night and for HTTP, from models in plain folders."""
