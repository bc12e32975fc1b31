"""What several themes measure on: sources of rows, matters, responses, and how a feature is declared."""
