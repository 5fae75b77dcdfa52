-- The worklist answers fast over hundreds of thousands of studies: what it shows of a reading stands in columns, and
-- what few studies are is found by an index.

ALTER TABLE outcome ADD COLUMN view text NOT NULL DEFAULT 'unknown', ADD COLUMN strongest jsonb;

UPDATE outcome SET
    view = coalesce(document->>'view', 'unknown'),
    -- The finding furthest over its threshold in odds, or nearest to it; experimental ones come last.
    strongest = (
        SELECT jsonb_build_object('name', f->'name', 'probability', f->'probability', 'present', f->'present')
        FROM jsonb_array_elements(document->'findings') f
        ORDER BY (f->>'present')::boolean AND NOT (f->>'experimental')::boolean DESC, (f->>'present')::boolean DESC,
                 (f->>'probability')::float / greatest(1 - (f->>'probability')::float, 1e-9)
                     * (1 - (f->>'threshold')::float) / greatest((f->>'threshold')::float, 1e-9) DESC
        LIMIT 1);

CREATE INDEX study_not_reviewed ON study (urgency DESC, last_received_at DESC, study_id DESC) WHERE NOT reviewed;
CREATE INDEX study_not_read ON study (state, last_received_at DESC, study_id DESC) WHERE state <> 'read';
CREATE INDEX study_refused ON study (last_received_at DESC, study_id DESC) WHERE refused;

CREATE OR REPLACE FUNCTION record_outcome(it jsonb, its_heatmaps bytea, urgent text[]) RETURNS bigint LANGUAGE plpgsql AS $$
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
