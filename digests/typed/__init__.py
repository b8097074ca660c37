"""What people type to values: queries, dates, options, time zones, names. Pure."""
