"""The endpoint: all that a Bento holds beside the scorer, the features and the models."""
