"""From folders to rows: which files are new or changed, read in worker processes. Knows nothing of the database."""
