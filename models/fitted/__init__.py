"""What is fitted: each model, how it predicts, explains itself and is written to a folder."""
