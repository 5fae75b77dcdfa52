-- From version 7: the audit trail is a chain, and says from where, to which study and with what outcome.

CREATE TEMPORARY TABLE audit_before ON COMMIT DROP AS SELECT * FROM audit;
DROP TABLE audit;

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

-- What was noted before is chained first. Nobody's address was kept, and the study of a review was not named.
INSERT INTO audit_inbox (at, actor_kind, actor, address, action, success, study_instance_uid, sop_instance_uid, object,
                         details)
SELECT at,
       CASE WHEN actor = 'hilum' THEN 'service' WHEN actor LIKE 'dimse %' THEN 'ae' ELSE 'unknown' END,
       CASE WHEN actor LIKE 'dimse %' THEN substr(actor, 7) ELSE actor END,
       '', action, action NOT IN ('conflict', 'shared-uid'),
       CASE WHEN action IN ('prune', 'shared-uid') THEN object ELSE '' END,
       CASE WHEN action = 'conflict' THEN object ELSE coalesce(details->>'sop_instance_uid', '') END,
       CASE WHEN action IN ('prune', 'shared-uid', 'conflict') THEN '' ELSE object END,
       details - 'sop_instance_uid'
FROM audit_before ORDER BY audit_id;

-- Receive one file: its study, series and instance, and the job that reads it, in the caller's transaction.
-- Answers the new instance's id; null when its SOP Instance UID was received by somebody else meanwhile.
-- The content's row is there already, held by the caller.
CREATE OR REPLACE FUNCTION receive_instance(
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
                            attributes, name_to_match, physician_to_match, is_prior)
        VALUES (it->>'study_instance_uid', it->>'patient_key', coalesce(others, false), it->>'patient_name',
                it->>'patient_id', it->>'birth_date', it->>'sex', it->>'study_date', it->>'study_description',
                it->>'accession_number', it->>'search_text',
                CASE WHEN (it->>'priority')::int >= 20 THEN 4 ELSE 0 END, ARRAY[it->>'modality'],
                it->'attributes'->'study', it->>'name_to_match', it->>'physician_to_match', it->>'door' = 'prior')
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
