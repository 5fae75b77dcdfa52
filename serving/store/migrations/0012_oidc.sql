-- From version 11: people may sign in by OpenID Connect.

-- Who is on their way to the OpenID Connect provider and back.
CREATE TABLE oidc_way (
    state_hash  bytea PRIMARY KEY,                     -- SHA-256
    nonce       text NOT NULL,
    verifier    text NOT NULL,                         -- PKCE (RFC 7636)
    began_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
