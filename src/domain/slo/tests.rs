//! The reference vectors of burn rates, budgets and states, run against simulated failures.
