"""The REST routes: each takes a checked request and returns a status and JSON, or raises Discord's error."""
