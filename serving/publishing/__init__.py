"""Publishing: the nights of a folder, each whole under its date and models, and a pointer that moves last."""
