"""What if, measured: what is told of events that have not happened, beside what they truly change."""
