"""Where a night goes: files, databases, CRMs, a webhook and a channel, each declared in ``night.toml``."""
