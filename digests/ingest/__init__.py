"""Turns folders into rows: finds new and changed files and reads them in worker processes. Knows no database."""
