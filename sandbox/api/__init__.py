"""The REST routes: each takes a checked request and answers with a status and JSON, or raises what Discord answers."""
