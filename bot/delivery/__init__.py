"""WHEN and whether: due times, the outbox worker, rate limits, errors, reconciliation. Knows nothing of composing."""
