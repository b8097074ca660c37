"""Turns domain values into what Discord, the terminal and JSON show. Pure: no store, no clock."""
