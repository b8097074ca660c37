"""`make mutants`: would the suite notice? Faults are put into the core, one at a time, and the tests near them run."""
