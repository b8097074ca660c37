"""Tests of how messages look and of the sandbox's page."""
