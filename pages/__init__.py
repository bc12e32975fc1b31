"""What people look at: pages, spreadsheets, charts, and the colours and the shell that they share."""
