-- From version 10: a study is a site's.

ALTER TABLE study ADD COLUMN site text NOT NULL DEFAULT '';
CREATE INDEX study_site ON study (site, last_received_at DESC, study_id DESC);

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

-- Tell whoever listens, once the transaction commits, and whose study it is. No patient data.
CREATE OR REPLACE FUNCTION tell_progress(study_instance_uid text, sop_instance_uid text, state text)
RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('hilum_progress', json_build_object(
        'study_instance_uid', $1, 'sop_instance_uid', $2, 'state', $3,
        'sites', ARRAY(SELECT DISTINCT st.site FROM study st WHERE st.study_instance_uid = $1))::text);
$$;
