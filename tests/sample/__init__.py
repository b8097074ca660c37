"""Tests that the sample corpus stays as its README describes it."""
