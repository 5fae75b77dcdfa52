-- From version 6: what a review says when it is sent is put together in one place.

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
