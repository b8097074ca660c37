"""Due times, the outbox worker, rate limits, errors, reconciliation. Knows nothing about composing."""
