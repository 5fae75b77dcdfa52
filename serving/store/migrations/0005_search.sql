-- DICOMweb searches: what it answers of a study, a series and an instance stands in columns, as the DICOM JSON Model has it.
-- A migration cannot read files, so of earlier rows only what columns know is there at first; workers then read the
-- headers again, of all that are not "described".

ALTER TABLE study ADD COLUMN attributes jsonb, ADD COLUMN name_to_match text NOT NULL DEFAULT '',
                  ADD COLUMN physician_to_match text NOT NULL DEFAULT '';
ALTER TABLE series ADD COLUMN attributes jsonb;
ALTER TABLE instance ADD COLUMN attributes jsonb, ADD COLUMN described boolean NOT NULL DEFAULT false;

CREATE FUNCTION pg_temp.element(vr text, text_value text) RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE WHEN text_value <> '' THEN jsonb_build_object('vr', vr, 'Value', jsonb_build_array(text_value)) END;
$$;

UPDATE instance SET attributes = jsonb_strip_nulls(jsonb_build_object(
    '00080016', pg_temp.element('UI', sop_class_uid), '00080018', pg_temp.element('UI', sop_instance_uid),
    '00185101', pg_temp.element('CS', view_position)))
WHERE transfer_syntax <> '';

UPDATE series s SET attributes = jsonb_strip_nulls(jsonb_build_object(
    '00080060', pg_temp.element('CS', modality), '0020000E', pg_temp.element('UI', series_instance_uid)))
WHERE EXISTS (SELECT FROM instance i WHERE i.series_id = s.series_id AND i.attributes IS NOT NULL);

UPDATE study st SET
    name_to_match = CASE WHEN patient_name <> '' THEN '=' || replace(lower(patient_name), ' ', '^') || '=' ELSE '' END,
    attributes = jsonb_strip_nulls(jsonb_build_object(
        '00080020', pg_temp.element('DA', study_date), '00080050', pg_temp.element('SH', accession_number),
        '00081030', pg_temp.element('LO', study_description), '00100020', pg_temp.element('LO', patient_id),
        '00100030', pg_temp.element('DA', birth_date), '00100040', pg_temp.element('CS', sex),
        '0020000D', pg_temp.element('UI', study_instance_uid),
        '00100010', CASE WHEN patient_name <> '' THEN jsonb_build_object('vr', 'PN', 'Value', jsonb_build_array(
            jsonb_build_object('Alphabetic', replace(patient_name, ' ', '^')))) END))
WHERE EXISTS (SELECT FROM series s WHERE s.study_id = st.study_id AND s.attributes IS NOT NULL);

DROP FUNCTION pg_temp.element(text, text);

CREATE INDEX study_patient ON study (patient_id text_pattern_ops);
CREATE INDEX study_accession ON study (accession_number text_pattern_ops);
CREATE INDEX study_date ON study (study_date, study_id);
CREATE INDEX study_name ON study USING gin (name_to_match gin_trgm_ops);
CREATE INDEX series_uid ON series (series_instance_uid);
CREATE INDEX instance_not_described ON instance (instance_id) WHERE NOT described;

CREATE OR REPLACE FUNCTION receive_instance(
    it jsonb                                           -- the columns of study, series and instance by name
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    the_study     bigint;
    the_series    bigint;
    the_instance  bigint;
    others        boolean;
BEGIN
    -- One sender at a time in a study, so that two patients under its UID see each other.
    PERFORM pg_advisory_xact_lock(hashtextextended(it->>'study_instance_uid', 0));
    SELECT bool_or(patient_key <> it->>'patient_key') INTO others
        FROM study WHERE study_instance_uid = it->>'study_instance_uid';
    INSERT INTO study AS s (study_instance_uid, patient_key, shared_uid, patient_name, patient_id, birth_date, sex,
                            study_date, study_description, accession_number, search_text, urgency, modalities,
                            attributes, name_to_match, physician_to_match)
        VALUES (it->>'study_instance_uid', it->>'patient_key', coalesce(others, false), it->>'patient_name',
                it->>'patient_id', it->>'birth_date', it->>'sex', it->>'study_date', it->>'study_description',
                it->>'accession_number', it->>'search_text',
                CASE WHEN (it->>'priority')::int >= 20 THEN 4 ELSE 0 END, ARRAY[it->>'modality'],
                it->'attributes'->'study', it->>'name_to_match', it->>'physician_to_match')
        ON CONFLICT (study_instance_uid, patient_key) DO UPDATE SET
            last_received_at = clock_timestamp(), state = 'pending', open = true, reviewed = false,
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
