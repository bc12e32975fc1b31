"""Code of what is fitted, how it is kept and how it is explained; never the fitted models themselves."""
