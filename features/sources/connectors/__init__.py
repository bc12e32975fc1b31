"""Connectors: a ``book.toml`` from the export of a CRM, a help desk or a payment service, as its vendor names things.

What Pinch knows of a vendor is data, a file in ``vendors/``: the tables of its export, the columns of each by all the
names that they go by, and the SQL that makes the tables of a book of them.
"""
