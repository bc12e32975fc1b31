"""The sample company written out as Salesforce, Zendesk and tables of one's own, and read back by the connectors."""
