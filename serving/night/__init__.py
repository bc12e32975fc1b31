"""The night: every account scored, written whole, with models, by rules, or on Spark."""
