"""What the service keeps: PostgreSQL for rows, an object store for bytes. All SQL lives here."""
