"""Fitting: the models, their baselines, and the choices made before they are fitted."""
