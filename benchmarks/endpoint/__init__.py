"""What one account costs the endpoint, step by step, and beside MLflow's own server."""
