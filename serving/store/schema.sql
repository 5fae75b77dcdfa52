-- Everything that the service keeps, in the schema "hilum". procrastinate's own tables stand in it too.
--
-- This file is the newest state. A database of an earlier version is brought here by migrations/NNNN_*.sql, one after
-- the other, never back. `make test` holds that both ways end in the same tables.
--
--   content ──< instance >── series >── study ──< completion ──< delivery
--                  │                                 │
--                  └──< outcome ──< review ──────────┘── one row a time that there is something to send of it
--
-- Patient data stand in "study" and, as they were sent, in the bytes of the content: nowhere else.

-- Substrings of names are found by their trigrams.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE TABLE schema_version (
    version     integer PRIMARY KEY,
    applied_at  timestamptz NOT NULL DEFAULT now()
);

-- Bytes, once each, in the object store under the SHA-256 of what they say.
CREATE TABLE content (
    content_hash  text PRIMARY KEY,                    -- SHA-256, hexadecimal, of transfer syntax and data set
    size          bigint NOT NULL,                     -- bytes
    stored_at     timestamptz NOT NULL DEFAULT now(),
    doomed        boolean NOT NULL DEFAULT false       -- nothing refers to it: its bytes may be gone; a sender stores them again
);

-- A study of one patient. Two patients under one Study Instance UID are two rows, both "shared_uid".
CREATE TABLE study (
    study_id            bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    study_instance_uid  text NOT NULL,
    patient_key         text NOT NULL,                 -- a hash of who the files say it is; tells two patients apart
    shared_uid          boolean NOT NULL DEFAULT false,
    patient_name        text NOT NULL DEFAULT '',
    patient_id          text NOT NULL DEFAULT '',
    birth_date          text NOT NULL DEFAULT '',      -- DICOM DA
    sex                 text NOT NULL DEFAULT '',
    study_date          text NOT NULL DEFAULT '',      -- DICOM DA
    study_description   text NOT NULL DEFAULT '',
    accession_number    text NOT NULL DEFAULT '',
    search_text         text NOT NULL DEFAULT '',      -- name, ID and accession number without case and diacritics
    attributes          jsonb,                         -- what DICOMweb answers of it (PS3.18, annex F); null: it is no DICOM
    name_to_match       text NOT NULL DEFAULT '',      -- the groups of the patient's name, folded: "=nguyen^an=", or ""
    physician_to_match  text NOT NULL DEFAULT '',      -- of the referring physician's
    received_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_received_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- What the worklist shows and sorts by; counted anew from the instances whenever one of them changes.
    state               text NOT NULL DEFAULT 'pending'
                        CHECK (state IN ('pending', 'read', 'refused', 'failed')),
                        -- pending: an image waits   failed: one of ours failed   refused: all were refused   read: the rest
    urgency             smallint NOT NULL DEFAULT 0,   -- 4 STAT, 3 an urgent finding, 2 failed or refused, 1 a finding, 0 none
    modalities          text[] NOT NULL DEFAULT '{}',
    findings            text[] NOT NULL DEFAULT '{}',  -- present ones that are not experimental
    refused             boolean NOT NULL DEFAULT false,-- at least one image was refused
    reviewed            boolean NOT NULL DEFAULT false,-- every reading is signed off
    -- Study-complete: a study is due once nothing came for the quiet time and nothing waits to be read.
    open                boolean NOT NULL DEFAULT true, -- something came since the last completion
    is_prior            boolean NOT NULL DEFAULT false,-- all of it was fetched as a prior: nobody sent it to be read
    site                text NOT NULL DEFAULT '',      -- who sent its first image; '': no site that the settings know
    UNIQUE (study_instance_uid, patient_key)
);
CREATE INDEX study_newest ON study (last_received_at DESC, study_id DESC);
CREATE INDEX study_urgent ON study (urgency DESC, last_received_at DESC, study_id DESC);
-- What few studies are, wherever in the list they stand.
CREATE INDEX study_not_reviewed ON study (urgency DESC, last_received_at DESC, study_id DESC) WHERE NOT reviewed;
CREATE INDEX study_not_read ON study (state, last_received_at DESC, study_id DESC) WHERE state <> 'read';
CREATE INDEX study_refused ON study (last_received_at DESC, study_id DESC) WHERE refused;
CREATE INDEX study_findings ON study USING gin (findings);
CREATE INDEX study_modalities ON study USING gin (modalities);
CREATE INDEX study_search ON study USING gin (search_text gin_trgm_ops);
-- What DICOMweb is asked for.
CREATE INDEX study_patient ON study (patient_id text_pattern_ops);
CREATE INDEX study_accession ON study (accession_number text_pattern_ops);
CREATE INDEX study_date ON study (study_date, study_id);
CREATE INDEX study_name ON study USING gin (name_to_match gin_trgm_ops);
CREATE INDEX study_site ON study (site, last_received_at DESC, study_id DESC);
CREATE INDEX study_open ON study (last_received_at) WHERE open;

CREATE TABLE series (
    series_id            bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    study_id             bigint NOT NULL REFERENCES study ON DELETE CASCADE,
    series_instance_uid  text NOT NULL,
    modality             text NOT NULL DEFAULT '',
    attributes           jsonb,                        -- as of a study
    UNIQUE (study_id, series_instance_uid)
);
CREATE INDEX series_uid ON series (series_instance_uid);

-- One received file. Its SOP Instance UID is derived from its content where it has none.
CREATE TABLE instance (
    instance_id       bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    series_id         bigint NOT NULL REFERENCES series ON DELETE CASCADE,
    sop_instance_uid  text NOT NULL UNIQUE,
    sop_class_uid     text NOT NULL DEFAULT '',
    transfer_syntax   text NOT NULL DEFAULT '',
    content_hash      text NOT NULL REFERENCES content,
    view_position     text NOT NULL DEFAULT '',
    -- What destinations are routed by; as the file states it.
    body_part_examined  text NOT NULL DEFAULT '',
    station_name        text NOT NULL DEFAULT '',
    institution_name    text NOT NULL DEFAULT '',
    received_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    door              text NOT NULL,                   -- http, stow, dimse, samples, backfill, prior
    sender            text NOT NULL DEFAULT '',        -- AE title or the name of a key; no patient data
    priority          smallint NOT NULL,               -- 20 STAT, 10 routine, 0 backfill
    state             text NOT NULL DEFAULT 'pending'
                      CHECK (state IN ('pending', 'read', 'refused', 'failed')),
                      -- pending -> read | refused | failed; failed -> pending by replay
    attributes        jsonb,                           -- as of a study
    described         boolean NOT NULL DEFAULT false   -- its header was read for its, its series' and study's attributes
);
CREATE INDEX instance_not_described ON instance (instance_id) WHERE NOT described;
CREATE INDEX instance_series ON instance (series_id);
CREATE INDEX instance_content ON instance (content_hash);
CREATE INDEX instance_pending ON instance (series_id) WHERE state = 'pending';

-- Other content that came under a known SOP Instance UID: kept aside, never read, never in the first one's place.
CREATE TABLE conflict (
    conflict_id       bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance_id       bigint NOT NULL REFERENCES instance ON DELETE CASCADE,
    content_hash      text NOT NULL REFERENCES content,
    received_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    door              text NOT NULL,
    sender            text NOT NULL DEFAULT '',
    UNIQUE (instance_id, content_hash)
);
CREATE INDEX conflict_content ON conflict (content_hash);

-- What one reader version said of one instance: a reading, a refusal or a failure. Never changed once it is read or refused.
CREATE TABLE outcome (
    outcome_id        bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    instance_id       bigint NOT NULL REFERENCES instance ON DELETE CASCADE,
    reader            text NOT NULL,                   -- name and version
    content_hash      text NOT NULL,                   -- of the bytes that were read
    state             text NOT NULL CHECK (state IN ('read', 'refused', 'failed')),
    refusal_code      text,                            -- of a refusal
    document          jsonb NOT NULL,                  -- as the interface shows it
    heatmaps          bytea,                           -- of a reading: float32 (findings, rows, columns), C order
    heatmap_shape     integer[],
    placement         jsonb,                           -- of a reading: from the network's grid to the radiograph's
    findings          text[] NOT NULL DEFAULT '{}',    -- present ones that are not experimental
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Of the document, what a list shows: documents are large, and a page of the worklist has many.
    view              text NOT NULL DEFAULT 'unknown', -- as the decoded file states it
    strongest         jsonb,                           -- of a reading: name, probability and presence of one finding
    UNIQUE (instance_id, reader)
);

-- What counts of an instance: what was said of it last.
CREATE FUNCTION newest_outcome(the_instance bigint) RETURNS SETOF outcome LANGUAGE sql STABLE AS $$
    SELECT * FROM outcome WHERE instance_id = the_instance ORDER BY outcome_id DESC LIMIT 1;
$$;

-- What radiologists said of a reading. Appended, never changed: the newest number counts.
CREATE TABLE review (
    review_id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    outcome_id        bigint NOT NULL REFERENCES outcome ON DELETE CASCADE,
    number            integer NOT NULL,                -- 1, 2, ... within the reading
    reviewer          text NOT NULL,                   -- who, as they are known here; not a patient
    document          jsonb NOT NULL,                  -- verdicts, missed findings with boxes, comment
    signed_off        boolean NOT NULL,
    idempotency_key   text,                            -- the same key again is the same review
    reviewed_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    open              boolean NOT NULL DEFAULT true,   -- nobody looked yet whether it is to be sent
    UNIQUE (outcome_id, number),
    UNIQUE (outcome_id, idempotency_key)
);
CREATE INDEX review_open ON review (review_id) WHERE open;

-- What there is to send of a study at one moment. Number 1 is its result, found complete; later ones are addenda to it,
-- which name what they add, and reviews, which name the one reading that they say anew.
CREATE TABLE completion (
    completion_id  bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    study_id       bigint NOT NULL REFERENCES study ON DELETE CASCADE,
    number         integer NOT NULL,
    outcome_ids    bigint[] NOT NULL,                  -- those that are new since the number before; of a review, its one
    completed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    review_id      bigint UNIQUE REFERENCES review ON DELETE CASCADE,
    UNIQUE (study_id, number)
);

-- One sending of a completion to one destination.
CREATE TABLE delivery (
    delivery_id    bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    completion_id  bigint NOT NULL REFERENCES completion ON DELETE CASCADE,
    destination    text NOT NULL,
    state          text NOT NULL DEFAULT 'queued'
                   CHECK (state IN ('queued', 'delivered', 'dead', 'skipped')),
                   -- queued -> delivered | dead (tried for long enough, or refused); dead -> queued by replay
                   -- skipped: its rules want none of it
    outcome_ids    bigint[] NOT NULL,                  -- those of the completion that it is sent
    left_out       text,                               -- why its rules leave others out
    attempts       integer NOT NULL DEFAULT 0,
    reason         text,                               -- why the last attempt failed
    queued_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at       timestamptz,
    UNIQUE (completion_id, destination)
);
CREATE INDEX delivery_unsettled ON delivery (destination, state) WHERE state IN ('queued', 'dead');

-- Destinations beside those of the settings. Changed by administrators while everything runs.
CREATE TABLE destination (
    name        text PRIMARY KEY,
    definition  jsonb,                                 -- as the interface shows it: url, presentations, rules; null: it was removed
    secret      text,                                  -- never shown
    changed_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The search for a study's priors in the archive that the settings name.
CREATE TABLE prior_search (
    study_id   bigint PRIMARY KEY REFERENCES study ON DELETE CASCADE,
    state      text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done', 'failed')),
    attempts   integer NOT NULL DEFAULT 0,
    found      integer,                                -- studies
    reason     text,                                   -- why the last attempt failed
    queued_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Studies that an archive sends by C-STORE because we asked.
CREATE TABLE expected_prior (
    study_instance_uid  text PRIMARY KEY,
    until               timestamptz NOT NULL
);

-- Jobs whose worker died while it did them. At the third time a job is poison and is not tried again.
CREATE TABLE killed_job (
    job_id     bigint PRIMARY KEY REFERENCES procrastinate_jobs ON DELETE CASCADE,
    kills      integer NOT NULL,
    killed_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Jobs that will not be tried again until a person says so. One row a job and time that it died.
CREATE TABLE dead_letter (
    dead_letter_id  bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    job_id          bigint,
    task            text NOT NULL,                     -- read, deliver, render, commitment
    arguments       jsonb NOT NULL,
    priority        integer NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('poison', 'failed')),
                    -- poison: it killed its worker three times   failed: it went on failing
    reason          text NOT NULL,
    died_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    replayed_at     timestamptz                        -- null: still dead
);
CREATE INDEX dead_letter_dead ON dead_letter (died_at DESC) WHERE replayed_at IS NULL;

-- Who did what: the audit trail, a chain in which each row carries the hash of the row before. Appended only.
CREATE TABLE audit (
    position            bigint PRIMARY KEY,            -- 1, 2, 3, ...
    previous            text NOT NULL,                 -- hash of the row before; of the first, 64 zeros
    hash                text NOT NULL,                 -- SHA-256, hexadecimal, of all else in the row: store/chain.py
    entry_id            bigint NOT NULL UNIQUE,        -- as in audit_inbox, from here on
    at                  timestamptz NOT NULL,
    actor_kind          text NOT NULL,
    actor               text NOT NULL,
    address             text NOT NULL,
    action              text NOT NULL,
    success             boolean NOT NULL,
    study_instance_uid  text NOT NULL,
    sop_instance_uid    text NOT NULL,
    object              text NOT NULL,
    details             jsonb NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_study ON audit (study_instance_uid) WHERE study_instance_uid <> '';
CREATE INDEX audit_seldom ON audit (action, entry_id) WHERE action IN ('configured', 'backed-up');

-- Entries of which the commit is a moment ago. One of us at a time moves them into the chain, so that those who write
-- them do not wait for one another.
CREATE TABLE audit_inbox (
    entry_id            bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at                  timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_kind          text NOT NULL CHECK (actor_kind IN ('account', 'key', 'ae', 'service', 'unknown')),
    actor               text NOT NULL,                 -- name of the account or key, AE title, a process of ours
    address             text NOT NULL,                 -- where it came from
    action              text NOT NULL,                 -- store/audit.py: Action
    success             boolean NOT NULL,
    study_instance_uid  text NOT NULL,                 -- '' where it is about none
    sop_instance_uid    text NOT NULL,
    object              text NOT NULL,                 -- what else it is about: an id, a destination; no patient data
    details             jsonb NOT NULL
);

CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit EXECUTE FUNCTION forbid_change();
CREATE TRIGGER audit_inbox_is_not_changed BEFORE UPDATE ON audit_inbox FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER audit_inbox_is_not_emptied BEFORE TRUNCATE ON audit_inbox EXECUTE FUNCTION forbid_change();

CREATE FUNCTION forbid_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit WHERE entry_id = OLD.entry_id) THEN
        RAISE EXCEPTION 'an entry leaves % for the chain only', TG_TABLE_NAME;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER audit_inbox_loses_nothing BEFORE DELETE ON audit_inbox FOR EACH ROW EXECUTE FUNCTION forbid_loss();

-- Add an entry to the audit trail in the caller's transaction. "who" has kind, name and address.
CREATE FUNCTION note_act(who jsonb, action text, success boolean, study_instance_uid text, sop_instance_uid text,
                         object text, details jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO audit_inbox (actor_kind, actor, address, action, success, study_instance_uid, sop_instance_uid, object,
                             details)
    VALUES (who->>'kind', who->>'name', who->>'address', action, success, study_instance_uid, sop_instance_uid, object,
            details);
$$;

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

-- Who is on their way to the OpenID Connect provider and back.
CREATE TABLE oidc_way (
    state_hash  bytea PRIMARY KEY,                     -- SHA-256
    nonce       text NOT NULL,
    verifier    text NOT NULL,                         -- PKCE (RFC 7636)
    began_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Where a backfill of a folder stands, so that it can go on.
CREATE TABLE backfill (
    source      text PRIMARY KEY,
    done        bigint NOT NULL DEFAULT 0,
    total       bigint NOT NULL DEFAULT 0,
    last_name   text NOT NULL DEFAULT '',              -- in sorted order; everything up to it was received
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Receive one file: its study, series and instance, and the job that reads it, in the caller's transaction.
-- Answers the new instance's id; null when its SOP Instance UID was received by somebody else meanwhile.
-- The content's row is there already, held by the caller.
CREATE FUNCTION receive_instance(
    it jsonb                                           -- the columns of study, series and instance by name
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    the_study     bigint;
    the_series    bigint;
    the_instance  bigint;
    others        boolean;
BEGIN
    IF it->>'door' = 'dimse' AND EXISTS (SELECT FROM expected_prior
            WHERE study_instance_uid = it->>'study_instance_uid' AND until > clock_timestamp()) THEN
        it := it || '{"door": "prior", "priority": 0}';
    END IF;
    -- One sender at a time in a study, so that two patients under its UID see each other.
    PERFORM pg_advisory_xact_lock(hashtextextended(it->>'study_instance_uid', 0));
    SELECT bool_or(patient_key <> it->>'patient_key') INTO others
        FROM study WHERE study_instance_uid = it->>'study_instance_uid';
    INSERT INTO study AS s (study_instance_uid, patient_key, shared_uid, patient_name, patient_id, birth_date, sex,
                            study_date, study_description, accession_number, search_text, urgency, modalities,
                            attributes, name_to_match, physician_to_match, is_prior, site)
        VALUES (it->>'study_instance_uid', it->>'patient_key', coalesce(others, false), it->>'patient_name',
                it->>'patient_id', it->>'birth_date', it->>'sex', it->>'study_date', it->>'study_description',
                it->>'accession_number', it->>'search_text',
                CASE WHEN (it->>'priority')::int >= 20 THEN 4 ELSE 0 END, ARRAY[it->>'modality'],
                it->'attributes'->'study', it->>'name_to_match', it->>'physician_to_match', it->>'door' = 'prior',
                coalesce(it->>'site', ''))
        ON CONFLICT (study_instance_uid, patient_key) DO UPDATE SET
            last_received_at = clock_timestamp(), state = 'pending', open = true, reviewed = false,
            is_prior = s.is_prior AND excluded.is_prior,
            urgency = greatest(s.urgency, excluded.urgency),
            modalities = ARRAY(SELECT DISTINCT unnest(s.modalities || excluded.modalities) ORDER BY 1)
        RETURNING study_id INTO the_study;
    INSERT INTO series AS s (study_id, series_instance_uid, modality, attributes)
        VALUES (the_study, it->>'series_instance_uid', it->>'modality', it->'attributes'->'series')
        ON CONFLICT (study_id, series_instance_uid) DO UPDATE SET modality = s.modality
        RETURNING series_id INTO the_series;
    INSERT INTO instance (series_id, sop_instance_uid, sop_class_uid, transfer_syntax, content_hash, view_position,
                          body_part_examined, station_name, institution_name, door, sender, priority, attributes,
                          described)
        VALUES (the_series, it->>'sop_instance_uid', it->>'sop_class_uid', it->>'transfer_syntax',
                it->>'content_hash', it->>'view_position', it->>'body_part_examined', it->>'station_name',
                it->>'institution_name', it->>'door', it->>'sender', (it->>'priority')::smallint,
                it->'attributes'->'instance', true)
        ON CONFLICT (sop_instance_uid) DO NOTHING
        RETURNING instance_id INTO the_instance;
    IF the_instance IS NULL THEN
        RETURN NULL;
    END IF;
    IF others AND EXISTS (SELECT FROM study
                          WHERE study_instance_uid = it->>'study_instance_uid' AND NOT shared_uid) THEN
        UPDATE study SET shared_uid = true WHERE study_instance_uid = it->>'study_instance_uid';
    END IF;
    PERFORM note_act(it->'who', 'received', true, it->>'study_instance_uid', it->>'sop_instance_uid', '',
                     jsonb_build_object('door', it->>'door'));
    IF others THEN
        PERFORM note_act(it->'who', 'shared-uid', false, it->>'study_instance_uid', it->>'sop_instance_uid', '',
                         jsonb_build_object('door', it->>'door'));
    END IF;
    PERFORM queue_job('read', 'read', (it->>'priority')::int, jsonb_build_object('instance_id', the_instance));
    PERFORM tell_progress(it->>'study_instance_uid', it->>'sop_instance_uid', 'pending');
    RETURN the_instance;
END $$;

-- Queue a job for procrastinate in the caller's transaction.
CREATE FUNCTION queue_job(queue text, task text, priority integer, arguments jsonb)
RETURNS bigint LANGUAGE sql AS $$
    SELECT (procrastinate_defer_jobs_v1(
        ARRAY[ROW(queue, task, priority, NULL, NULL, arguments, NULL)::procrastinate_job_to_defer_v1]))[1];
$$;

-- Tell whoever listens, once the transaction commits, and whose study it is. No patient data.
CREATE FUNCTION tell_progress(study_instance_uid text, sop_instance_uid text, state text)
RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('hilum_progress', json_build_object(
        'study_instance_uid', $1, 'sop_instance_uid', $2, 'state', $3,
        'sites', ARRAY(SELECT DISTINCT st.site FROM study st WHERE st.study_instance_uid = $1))::text);
$$;

-- What a completion of a review says, with the number of the review that was sent of the reading before (0: none was), whether
-- one of those was signed off, and what they added; NULL of a completion of images.
CREATE FUNCTION sent_review(the_completion bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'number', r.number, 'reviewer', r.reviewer, 'reviewed_at', r.reviewed_at, 'signed_off', r.signed_off,
        'document', r.document, 'predecessor', coalesce(before.number, 0),
        'amends', coalesce(before.any_signed_off, false), 'formerly_added', coalesce(before.added, '[]'))
    FROM completion c JOIN review r USING (review_id)
    CROSS JOIN LATERAL (SELECT max(br.number) AS number, bool_or(br.signed_off) AS any_signed_off,
                               jsonb_agg(DISTINCT m->'finding') FILTER (WHERE br.signed_off AND m IS NOT NULL) AS added
                        FROM completion bc JOIN review br USING (review_id)
                        LEFT JOIN LATERAL jsonb_array_elements(br.document->'missed') m ON true
                        WHERE bc.study_id = c.study_id AND bc.number < c.number AND br.outcome_id = r.outcome_id) before
    WHERE c.completion_id = the_completion;
$$;

-- Count a study's state anew from its instances, their newest outcomes and reviews.
CREATE FUNCTION count_study(the_study bigint, urgent text[]) RETURNS void LANGUAGE sql AS $$
    UPDATE study SET
        state = CASE WHEN n.pending THEN 'pending' WHEN n.failed THEN 'failed'
                     WHEN n.any_read THEN 'read' ELSE 'refused' END,
        urgency = CASE WHEN n.stat THEN 4 WHEN n.findings && urgent THEN 3
                       WHEN n.failed OR NOT n.any_read AND n.refused THEN 2
                       WHEN n.findings <> '{}' THEN 1 ELSE 0 END,
        findings = n.findings,
        refused = n.refused,
        reviewed = n.reviewed
    FROM (
        SELECT bool_or(i.state = 'pending') AS pending,
               bool_or(i.state = 'failed') AS failed,
               bool_or(i.state = 'refused') AS refused,
               bool_or(i.state = 'read') AS any_read,
               bool_or(i.priority >= 20) AS stat,
               bool_and(coalesce(r.signed_off, false)) AS reviewed,
               ARRAY(SELECT DISTINCT f FROM instance i2 JOIN series s2 USING (series_id)
                     CROSS JOIN LATERAL newest_outcome(i2.instance_id) o2, unnest(o2.findings) f
                     WHERE s2.study_id = the_study ORDER BY f) AS findings
        FROM instance i
        JOIN series s USING (series_id)
        LEFT JOIN LATERAL newest_outcome(i.instance_id) o ON true
        LEFT JOIN LATERAL (SELECT signed_off FROM review WHERE outcome_id = o.outcome_id
                           ORDER BY number DESC LIMIT 1) r ON true
        WHERE s.study_id = the_study
    ) n
    WHERE study_id = the_study;
$$;

-- Keep what came of an instance, once. Answers null when a reading or a refusal of this reader is there already.
CREATE FUNCTION record_outcome(it jsonb, its_heatmaps bytea, urgent text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    the_outcome  bigint;
    the_study    bigint;
    study_uid    text;
    its_uid      text;
BEGIN
    -- The study's row first, as receive_instance takes it: no two of us wait for each other.
    SELECT st.study_id, st.study_instance_uid, i.sop_instance_uid INTO the_study, study_uid, its_uid
        FROM instance i JOIN series s USING (series_id) JOIN study st USING (study_id)
        WHERE i.instance_id = (it->>'instance_id')::bigint FOR UPDATE OF st;
    IF the_study IS NULL THEN
        RETURN NULL;                                   -- pruned meanwhile
    END IF;
    INSERT INTO outcome (instance_id, reader, content_hash, state, refusal_code, document, heatmaps, heatmap_shape,
                         placement, findings, view, strongest)
        VALUES ((it->>'instance_id')::bigint, it->>'reader', it->>'content_hash', it->>'state', it->>'refusal_code',
                it->'document', its_heatmaps, ARRAY(SELECT jsonb_array_elements_text(it->'heatmap_shape')::int),
                nullif(it->'placement', 'null'), ARRAY(SELECT jsonb_array_elements_text(it->'findings')),
                coalesce(it->'document'->>'view', 'unknown'), nullif(it->'strongest', 'null'))
        ON CONFLICT (instance_id, reader) DO UPDATE SET
            state = excluded.state, refusal_code = excluded.refusal_code, document = excluded.document,
            heatmaps = excluded.heatmaps, heatmap_shape = excluded.heatmap_shape, placement = excluded.placement,
            findings = excluded.findings, view = excluded.view, strongest = excluded.strongest,
            recorded_at = clock_timestamp()
            WHERE outcome.state = 'failed'
        RETURNING outcome_id INTO the_outcome;
    IF the_outcome IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE instance SET state = it->>'state' WHERE instance_id = (it->>'instance_id')::bigint;
    PERFORM count_study(the_study, urgent);
    PERFORM tell_progress(study_uid, its_uid, it->>'state');
    RETURN the_outcome;
END $$;
