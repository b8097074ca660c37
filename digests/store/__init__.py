"""All SQL of the project. Methods return models, never rows; no decisions about news are made here."""
