"""Measurements that anyone can repeat. Every script takes --json and --long; see docs/benchmarks.md."""
