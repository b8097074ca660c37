"""All SQL of the project. Methods return models, never rows; nothing here decides what is news."""
