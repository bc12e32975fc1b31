"""Monitoring: whether a night is of the kind that its models were trained on, and in words what is not as usual."""
