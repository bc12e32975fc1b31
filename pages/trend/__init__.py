"""The trend of nights: what was expected and what came, how accounts stand, and what is not as usual."""
