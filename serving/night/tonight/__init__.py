"""What tonight's page tells of each account, beside its score: how it changed, what happened, who crossed a line."""
