"""What is done with the audit trail: who looked is noted, it is given out, and sent to a collector."""
