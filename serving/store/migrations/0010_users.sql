-- From version 9: there are users.

-- Who may use the service: people, each with a role.
CREATE TABLE account (
    account_id     bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name           text NOT NULL,                      -- as they sign in
    folded_name    text NOT NULL UNIQUE,               -- the same without case
    display_name   text NOT NULL,
    role           text NOT NULL CHECK (role IN ('reader', 'administrator', 'integration')),
    sites          text[] NOT NULL DEFAULT '{}',       -- whose studies are seen; none: of all sites
    password_hash  text,                               -- argon2id; null: they cannot sign in with a password
    subject        text UNIQUE,                        -- issuer and subject of OpenID Connect
    disabled       boolean NOT NULL DEFAULT false,
    made_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    signed_in_at   timestamptz
);

-- Who is signed in. Ended ones stay for a while: they say from where somebody has signed in before.
CREATE TABLE session (
    token_hash  bytea PRIMARY KEY,                     -- SHA-256 of what the cookie holds
    account_id  bigint NOT NULL REFERENCES account ON DELETE CASCADE,
    address     text NOT NULL,
    made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    ends_at     timestamptz NOT NULL,
    ended_at    timestamptz                            -- signed out, or the password changed
);
CREATE INDEX session_account ON session (account_id, address);

-- Keys of machines: "hlm_<prefix>_<secret>".
CREATE TABLE api_key (
    key_id        bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name          text NOT NULL,
    prefix        text NOT NULL UNIQUE,
    secret_hash   bytea NOT NULL,                      -- SHA-256 of the secret, which has 256 bits
    former_hash   bytea,                               -- of the secret before the last rotation
    former_until  timestamptz,                         -- until when that one is valid, too
    scopes        text[] NOT NULL,                     -- send, read, review, configure
    sites         text[] NOT NULL DEFAULT '{}',        -- as of an account
    made_by       text NOT NULL,
    made_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at    timestamptz,                         -- null: never
    last_used_at  timestamptz,
    revoked_at    timestamptz
);
CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked_at IS NULL;

-- Links that make one account, once.
CREATE TABLE invitation (
    token_hash  bytea PRIMARY KEY,                     -- SHA-256
    role        text NOT NULL CHECK (role IN ('reader', 'administrator', 'integration')),
    sites       text[] NOT NULL DEFAULT '{}',
    made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);

-- Passwords that were wrong, by account, by address, and by both.
CREATE TABLE failed_sign_in (
    subject  bytea PRIMARY KEY,                        -- SHA-256 of whom they are counted for: a name may be mistyped
    failed   integer NOT NULL,
    last_at  timestamptz NOT NULL
);
