"""What was known about an account at a moment. Knows nothing of labels, models or HTTP."""
