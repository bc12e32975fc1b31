"""Erasure: an account gone from all that Pinch keeps and hands on, with a receipt of where it was."""
