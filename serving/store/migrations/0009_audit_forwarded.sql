-- From version 8: the audit trail is sent on, and processes that work are counted.

-- How far a collector of the hospital's was sent the chain: one row.
CREATE TABLE audit_forwarded (
    position  bigint NOT NULL
);
INSERT INTO audit_forwarded VALUES (0);

-- The processes that work, by the queues that each of them serves.
CREATE TABLE working_process (
    worker_id  bigint PRIMARY KEY REFERENCES procrastinate_workers ON DELETE CASCADE,
    process    text NOT NULL                           -- the same of all queues of one process
);
