"""Past lists: what a team would have had, what it missed, and what contacting brings."""
