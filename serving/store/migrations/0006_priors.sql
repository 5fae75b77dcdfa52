-- Earlier studies of a patient are asked from an archive, read after everything else, and not sent anywhere.

ALTER TABLE study ADD COLUMN is_prior boolean NOT NULL DEFAULT false;

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
    IF others THEN
        INSERT INTO audit (actor, action, object, details) VALUES (
            concat_ws(' ', it->>'door', nullif(it->>'sender', '')), 'shared-uid', it->>'study_instance_uid',
            jsonb_build_object('sop_instance_uid', it->>'sop_instance_uid'));
    END IF;
    PERFORM queue_job('read', 'read', (it->>'priority')::int, jsonb_build_object('instance_id', the_instance));
    PERFORM tell_progress(it->>'study_instance_uid', it->>'sop_instance_uid', 'pending');
    RETURN the_instance;
END $$;
