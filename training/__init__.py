"""From a book to models that have been tested: the only place that looks at the future."""
