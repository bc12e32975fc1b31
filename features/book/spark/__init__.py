"""A book on Spark, its parts: the session, the files, the rows of a query, the loading of a table."""
