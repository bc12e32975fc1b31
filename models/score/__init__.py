"""A score: its columns, horizons, states, what is at stake and the reasons."""
