"""Domain data to what Discord, the terminal and JSON show. Pure: values in, values out; no store, no clock."""
