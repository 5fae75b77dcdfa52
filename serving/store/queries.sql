-- Every query of the service: a name, what it is for, the SQL with values by name.

-- now --
-- The database's clock.
SELECT clock_timestamp() AS now;

-- known_instance --
-- What is received under a SOP Instance UID, if anything is.
SELECT instance_id, content_hash, door FROM instance WHERE sop_instance_uid = %(sop_instance_uid)s;

-- hold_content --
-- Make or hold the row of some bytes until the commit; "missing" says that the bytes must be stored now.
WITH before AS (SELECT doomed FROM content WHERE content_hash = %(content_hash)s FOR UPDATE)
INSERT INTO content (content_hash, size) VALUES (%(content_hash)s, %(size)s)
    ON CONFLICT (content_hash) DO UPDATE SET doomed = false
    RETURNING coalesce((SELECT doomed FROM before), true) AS missing;

-- receive_instance --
-- Study, series, instance and the job that reads it.
SELECT receive_instance(%(it)s) AS instance_id;

-- set_aside --
-- Note other content under a known SOP Instance UID; no row when it was noted before.
WITH aside AS (
    INSERT INTO conflict (instance_id, content_hash, door, sender)
        VALUES (%(instance_id)s, %(content_hash)s, %(door)s, %(sender)s)
        ON CONFLICT (instance_id, content_hash) DO NOTHING
        RETURNING instance_id)
SELECT note_act(%(who)s, 'conflict', false, %(study_instance_uid)s, %(sop_instance_uid)s, '',
                jsonb_build_object('door', %(door)s::text, 'content_hash', %(content_hash)s::text))
FROM aside;

-- backlog --
-- How many readings wait, counted no further than a bound.
SELECT count(*) AS waiting FROM (
    SELECT FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'read' AND priority >= %(priority)s
    LIMIT %(bound)s) AS bounded;

-- instance_to_read --
-- What a worker needs to read an instance; "done" when this reader has read or refused it already.
SELECT i.instance_id, i.sop_instance_uid, i.content_hash, i.received_at, clock_timestamp() AS now,
       EXISTS (SELECT FROM outcome o WHERE o.instance_id = i.instance_id AND o.reader = %(reader)s
                                       AND o.state <> 'failed') AS done
FROM instance i WHERE i.instance_id = %(instance_id)s;

-- record_outcome --
-- Keep what came of an instance, once.
SELECT record_outcome(%(it)s, %(heatmaps)s, %(urgent)s) AS outcome_id;

-- entry --
-- One instance with what was said of it last.
SELECT i.*, s.series_instance_uid, s.modality, st.study_instance_uid,
       o.outcome_id, o.reader, o.state AS outcome_state, o.document, o.placement, o.heatmap_shape, o.recorded_at
FROM instance i JOIN series s USING (series_id) JOIN study st USING (study_id)
LEFT JOIN LATERAL newest_outcome(i.instance_id) o ON i.state <> 'pending'
WHERE i.sop_instance_uid = %(sop_instance_uid)s AND (%(sites)s::text[] IS NULL OR st.site = ANY(%(sites)s));

-- heatmaps --
-- The heatmaps of one outcome.
SELECT heatmaps FROM outcome WHERE outcome_id = %(outcome_id)s;

-- pending_instances --
-- Which of these still wait to be read.
SELECT sop_instance_uid FROM instance WHERE sop_instance_uid = ANY(%(uids)s) AND state = 'pending';

-- study_instances --
-- The instances of some studies, the newest first, each with what was said of it last.
SELECT s.study_id, i.instance_id, i.sop_instance_uid, s.series_instance_uid, s.modality, i.view_position,
       i.received_at, i.state, o.view, o.strongest, o.outcome_id, o.refusal_code, r.signed_off, r.number AS review_number,
       (SELECT count(*) FROM conflict c WHERE c.instance_id = i.instance_id) AS conflicts
FROM instance i JOIN series s USING (series_id)
LEFT JOIN LATERAL newest_outcome(i.instance_id) o ON i.state <> 'pending'
LEFT JOIN LATERAL (SELECT signed_off, number FROM review WHERE outcome_id = o.outcome_id
                   ORDER BY number DESC LIMIT 1) r ON true
WHERE s.study_id = ANY(%(studies)s)
ORDER BY i.received_at DESC, i.instance_id DESC;

-- studies_of_uid --
-- The studies under a Study Instance UID, the first received first: one for each patient.
SELECT * FROM study st WHERE study_instance_uid = %(study_instance_uid)s AND (%(sites)s::text[] IS NULL OR st.site = ANY(%(sites)s))
ORDER BY study_id;

-- completions_of_study --
-- What there was to send of a study: its result, then addenda and reviews.
SELECT c.number, c.completed_at, c.outcome_ids, c.review_id,
       coalesce((SELECT jsonb_agg(jsonb_build_object('destination', d.destination, 'state', d.state,
                                                     'attempts', d.attempts, 'reason', d.reason,
                                                     'reading_ids', d.outcome_ids, 'left_out', d.left_out)
                                  ORDER BY d.destination)
                 FROM delivery d WHERE d.completion_id = c.completion_id), '[]') AS deliveries
FROM completion c WHERE c.study_id = %(study_id)s ORDER BY c.number;

-- outcome --
-- One outcome by its id, with its place.
SELECT o.outcome_id, o.instance_id, o.state, i.sop_instance_uid, s.study_id, st.study_instance_uid
FROM outcome o JOIN instance i USING (instance_id) JOIN series s USING (series_id) JOIN study st USING (study_id)
WHERE o.outcome_id = %(outcome_id)s AND (%(sites)s::text[] IS NULL OR st.site = ANY(%(sites)s)) FOR UPDATE OF st;

-- review_by_key --
-- The review that was sent with this idempotency key, if it was.
SELECT r.*, o.reader FROM review r JOIN outcome o USING (outcome_id)
WHERE outcome_id = %(outcome_id)s AND idempotency_key = %(key)s;

-- add_review --
-- The next review of a reading.
INSERT INTO review (outcome_id, number, reviewer, document, signed_off, idempotency_key)
SELECT %(outcome_id)s, coalesce(max(number), 0) + 1, %(reviewer)s, %(document)s, %(signed_off)s, %(key)s
FROM review WHERE outcome_id = %(outcome_id)s
RETURNING *, (SELECT reader FROM outcome o WHERE o.outcome_id = review.outcome_id) AS reader;

-- reviews --
-- All reviews of a reading, the newest first.
SELECT r.*, o.reader FROM review r JOIN outcome o USING (outcome_id) JOIN instance i USING (instance_id)
JOIN series s USING (series_id) JOIN study st USING (study_id)
WHERE outcome_id = %(outcome_id)s AND (%(sites)s::text[] IS NULL OR st.site = ANY(%(sites)s)) ORDER BY number DESC;

-- signed_off_reviews --
-- Of each instance the newest review, whichever reading it is of, where that is signed off; with the role of who reviewed.
SELECT * FROM (
    SELECT DISTINCT ON (i.instance_id) i.instance_id, i.sop_instance_uid, o.content_hash, st.patient_key, o.reader, o.state,
           o.document, r.number, r.signed_off, r.reviewed_at, r.document AS review, a.role
    FROM review r JOIN outcome o USING (outcome_id) JOIN instance i USING (instance_id) JOIN series s USING (series_id)
    JOIN study st USING (study_id) LEFT JOIN account a ON a.name = r.reviewer
    ORDER BY i.instance_id, r.reviewed_at DESC, r.review_id DESC) newest
WHERE signed_off AND (%(since)s::timestamptz IS NULL OR reviewed_at >= %(since)s)
  AND (%(roles)s::text[] IS NULL OR role = ANY(%(roles)s))
ORDER BY instance_id;

-- count_study --
-- Count a study's state anew.
SELECT count_study(%(study_id)s, %(urgent)s);

-- tell_progress --
-- Tell the pages.
SELECT tell_progress(%(study_instance_uid)s, %(sop_instance_uid)s, %(state)s);

-- note --
-- One entry of the audit trail.
SELECT note_act(%(who)s, %(action)s, %(success)s, %(study_instance_uid)s, %(sop_instance_uid)s, %(object)s, %(details)s);

-- hold_chain --
-- Whether nobody else moves entries into the chain until the commit.
SELECT pg_try_advisory_xact_lock(hashtextextended('hilum audit chain', 0)) AS held;

-- chain_head --
-- The newest row of the chain.
SELECT position, hash, at FROM audit ORDER BY position DESC LIMIT 1;

-- inbox --
-- Entries that are to be chained, the first written first.
SELECT * FROM audit_inbox ORDER BY entry_id LIMIT %(limit)s;

-- chain_entries --
-- Add entries of the inbox to the chain; "links" lists entry_id, position, previous, hash.
INSERT INTO audit SELECT l.position, l.previous, l.hash, i.*
FROM jsonb_to_recordset(%(links)s) AS l(entry_id bigint, position bigint, previous text, hash text)
JOIN audit_inbox i USING (entry_id) ORDER BY l.position;

-- empty_inbox --
-- Forget entries that are in the chain.
DELETE FROM audit_inbox WHERE entry_id = ANY(%(entries)s);

-- chain_rows --
-- The chain, from after a position.
SELECT * FROM audit WHERE position > %(after)s ORDER BY position LIMIT %(limit)s;

-- chain_row --
-- One row of the chain.
SELECT * FROM audit WHERE position = %(position)s;

-- audit_trail --
-- What was noted of one kind of action, the oldest first, chained or not yet.
SELECT entry_id, at, actor_kind, actor, address, action, success, study_instance_uid, sop_instance_uid, object, details
FROM audit WHERE action = %(action)s
UNION ALL SELECT entry_id, at, actor_kind, actor, address, action, success, study_instance_uid, sop_instance_uid, object,
                 details
FROM audit_inbox WHERE action = %(action)s ORDER BY entry_id;

-- newest_settings --
-- What was noted last of the settings of one command on one machine, chained or not yet.
SELECT details FROM (
    SELECT entry_id, actor, object, details FROM audit WHERE action = 'configured'
    UNION ALL SELECT entry_id, actor, object, details FROM audit_inbox WHERE action = 'configured') noted
WHERE actor = %(actor)s AND object = %(object)s ORDER BY entry_id DESC LIMIT 1;

-- study_of_instance --
-- The study of an instance.
SELECT st.study_instance_uid FROM instance i JOIN series s USING (series_id) JOIN study st USING (study_id)
WHERE i.sop_instance_uid = %(sop_instance_uid)s;

-- study_of_reading --
-- The study of a reading.
SELECT st.study_instance_uid
FROM outcome o JOIN instance i USING (instance_id) JOIN series s USING (series_id) JOIN study st USING (study_id)
WHERE o.outcome_id = %(outcome_id)s;

-- forwarded --
-- How far the collector has the chain, held until the commit; no row while somebody else sends.
SELECT position FROM audit_forwarded FOR UPDATE SKIP LOCKED;

-- note_forwarded --
-- The collector has the chain as far as this.
UPDATE audit_forwarded SET position = %(position)s;

-- audit_figures --
-- How far the chain goes, how far the collector has it, and how long the oldest entry has waited to be chained.
SELECT coalesce((SELECT max(position) FROM audit), 0) AS position, (SELECT position FROM audit_forwarded) AS forwarded,
       coalesce((SELECT extract(epoch FROM clock_timestamp() - min(at)) FROM audit_inbox), 0)::float AS waiting_seconds;

-- hold_backup --
-- Whether this connection is the one that makes a backup, until it says that it is not.
SELECT pg_try_advisory_lock(hashtextextended('hilum backup', 0)) AS held;

-- release_backup --
-- It does not any more.
SELECT pg_advisory_unlock(hashtextextended('hilum backup', 0));

-- is_not_backed_up --
-- Whether nobody makes a backup, nor begins one until the commit.
SELECT pg_try_advisory_xact_lock_shared(hashtextextended('hilum backup', 0)) AS free;

-- tables_version --
-- The version of the tables.
SELECT max(version) AS version FROM schema_version;

-- all_content --
-- The bytes that are kept.
SELECT content_hash, doomed FROM content ORDER BY content_hash;

-- all_workers --
-- Everybody who ever gave a sign of life and was not forgotten.
SELECT id FROM procrastinate_workers;

-- tables_figures --
-- Room, rows and dead rows of our tables, and the age of the database's oldest transaction.
SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::bigint AS bytes, coalesce(sum(n_live_tup), 0)::bigint AS live,
       coalesce(sum(n_dead_tup), 0)::bigint AS dead,
       (SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()) AS age
FROM pg_stat_user_tables WHERE schemaname = 'hilum';

-- last_backup --
-- How long ago a backup was made; null when none was.
SELECT extract(epoch FROM clock_timestamp() - max(at))::float AS seconds
FROM (SELECT at FROM audit WHERE action = 'backed-up' UNION ALL SELECT at FROM audit_inbox WHERE action = 'backed-up') a;

-- audit_page --
-- The chain from its newest row down, as far as every given condition holds.
SELECT * FROM audit
WHERE (%(before)s::bigint IS NULL OR position < %(before)s)
  AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
  AND (%(action)s::text IS NULL OR action = %(action)s) AND (%(actor)s::text IS NULL OR actor = %(actor)s)
  AND (%(success)s::boolean IS NULL OR success = %(success)s)
  AND (%(study)s::text IS NULL OR study_instance_uid = %(study)s AND study_instance_uid <> '')
ORDER BY position DESC LIMIT %(limit)s;

-- complete_studies --
-- Close the studies to which nothing came for the quiet time and of which nothing waits to be read; a completion for
-- each that has something new. The first completion of a study is its result, the later ones are addenda. A date in the
-- future is a clock that was set back.
WITH due AS (
    SELECT s.study_id FROM study s
    WHERE s.open AND s.state <> 'pending'
      AND (s.last_received_at <= clock_timestamp() - make_interval(secs => %(quiet)s)
           OR s.last_received_at > clock_timestamp() + interval '1 minute')
    ORDER BY s.last_received_at LIMIT 200 FOR UPDATE SKIP LOCKED
), closed AS (
    UPDATE study SET open = false FROM due WHERE study.study_id = due.study_id
    RETURNING study.study_id, study.study_instance_uid
), news AS (
    SELECT c.study_id, c.study_instance_uid,
           array_agg(o.outcome_id ORDER BY o.outcome_id) AS outcome_ids,
           coalesce((SELECT max(number) FROM completion p WHERE p.study_id = c.study_id), 0) + 1 AS number
    FROM closed c JOIN series s USING (study_id) JOIN instance i USING (series_id)
    CROSS JOIN LATERAL newest_outcome(i.instance_id) o
    WHERE i.door <> 'prior'                            -- nobody asked for its results
      AND NOT EXISTS (SELECT FROM completion p WHERE p.study_id = c.study_id AND o.outcome_id = ANY(p.outcome_ids))
    GROUP BY c.study_id, c.study_instance_uid
), made AS (
    INSERT INTO completion (study_id, number, outcome_ids) SELECT study_id, number, outcome_ids FROM news
    RETURNING completion_id, study_id
)
SELECT m.completion_id, n.study_instance_uid, n.number, tell_progress(n.study_instance_uid, NULL, 'complete')
FROM news n JOIN made m USING (study_id);

-- complete_reviews --
-- Close the reviews of studies that are complete: what they review was sent before them. A completion for the newest
-- review of each reading that is signed off, or that takes back a sign-off that was sent.
WITH due AS (
    SELECT r.review_id, r.number, r.outcome_id, r.signed_off, st.study_id, st.study_instance_uid
    FROM review r JOIN outcome o USING (outcome_id) JOIN instance i USING (instance_id) JOIN series s USING (series_id)
    JOIN study st USING (study_id)
    WHERE r.open AND NOT st.open
    ORDER BY r.review_id LIMIT 200 FOR UPDATE OF st, r SKIP LOCKED
), closed AS (
    UPDATE review SET open = false FROM due WHERE review.review_id = due.review_id
), newest AS (
    SELECT DISTINCT ON (outcome_id) * FROM due ORDER BY outcome_id, number DESC
), news AS (
    SELECT n.*, (SELECT max(number) FROM completion c WHERE c.study_id = n.study_id)
                + row_number() OVER (PARTITION BY study_id ORDER BY review_id) AS its_number
    FROM newest n
    WHERE EXISTS (SELECT FROM completion c WHERE c.study_id = n.study_id AND n.outcome_id = ANY(c.outcome_ids))
      AND (n.signed_off OR (SELECT r.signed_off FROM completion c JOIN review r USING (review_id)
                            WHERE c.study_id = n.study_id AND r.outcome_id = n.outcome_id
                            ORDER BY c.number DESC LIMIT 1))
), made AS (
    INSERT INTO completion (study_id, number, outcome_ids, review_id)
        SELECT study_id, its_number, ARRAY[outcome_id], review_id FROM news
    RETURNING completion_id, review_id
)
SELECT m.completion_id, n.study_instance_uid, n.its_number AS number,
       tell_progress(n.study_instance_uid, NULL, 'complete')
FROM news n JOIN made m USING (review_id);

-- candidates --
-- The outcomes of some completions, with all that destinations are routed by.
SELECT c.completion_id, o.outcome_id, o.state, o.document->'findings' AS findings, st.urgency, c.review_id,
       i.sender, s.modality, i.body_part_examined, i.station_name, i.institution_name
FROM completion c JOIN outcome o ON o.outcome_id = ANY(c.outcome_ids)
JOIN instance i USING (instance_id) JOIN series s USING (series_id) JOIN study st ON st.study_id = s.study_id
WHERE c.completion_id = ANY(%(completions)s) ORDER BY o.outcome_id;

-- add_deliveries --
-- What is sent where, and the jobs that do it; "sendings" lists completion_id, destination, outcome_ids, left_out.
WITH sendings AS (
    SELECT * FROM jsonb_to_recordset(%(sendings)s)
        AS it(completion_id bigint, destination text, outcome_ids bigint[], left_out text)
), made AS (
    INSERT INTO delivery (completion_id, destination, outcome_ids, left_out, state, ended_at)
        SELECT completion_id, destination, outcome_ids, left_out,
               CASE WHEN outcome_ids = '{}' THEN 'skipped' ELSE 'queued' END,
               CASE WHEN outcome_ids = '{}' THEN clock_timestamp() END
        FROM sendings
    RETURNING delivery_id, completion_id, destination, state
)
SELECT queue_job('deliver:' || m.destination, 'deliver', CASE WHEN st.urgency >= 3 THEN 20 ELSE 10 END,
                 jsonb_build_object('delivery_id', m.delivery_id))
FROM made m JOIN completion c USING (completion_id) JOIN study st USING (study_id)
WHERE m.state = 'queued';

-- delivery_to_send --
-- A delivery with the study and the outcomes that are its content. "review" is what a completion of a review says;
-- "waits" while an earlier completion of the study is still to be sent there; "superseded" are its outcomes of which a
-- later completion says more and arrived there.
SELECT st.*, d.delivery_id, d.destination, d.state AS delivery_state, d.outcome_ids, c.number, c.completed_at,
       sent_review(c.completion_id) AS review,
       EXISTS (SELECT FROM delivery e JOIN completion ec USING (completion_id)
               WHERE ec.study_id = c.study_id AND ec.number < c.number
                 AND e.destination = d.destination AND e.state = 'queued') AS waits,
       ARRAY(SELECT lr.outcome_id FROM delivery l JOIN completion lc USING (completion_id) JOIN review lr USING (review_id)
             WHERE lc.study_id = c.study_id AND lc.number > c.number AND lr.outcome_id = ANY(d.outcome_ids)
               AND l.destination = d.destination AND l.state = 'delivered') AS superseded
FROM delivery d JOIN completion c USING (completion_id) JOIN study st USING (study_id)
WHERE d.delivery_id = %(delivery_id)s;

-- outcomes --
-- Some outcomes with their instances.
SELECT o.outcome_id, o.document, o.recorded_at, o.placement, o.heatmap_shape,
       i.sop_instance_uid, s.series_instance_uid, i.content_hash, i.received_at
FROM outcome o JOIN instance i USING (instance_id) JOIN series s USING (series_id)
WHERE o.outcome_id = ANY(%(outcome_ids)s) ORDER BY o.outcome_id;

-- note_delivery --
-- How an attempt to deliver ended: delivered, dead, or queued for the next one.
WITH noted AS (
    UPDATE delivery SET state = %(state)s, attempts = attempts + 1, reason = %(reason)s,
           ended_at = CASE WHEN %(state)s = 'queued' THEN NULL ELSE clock_timestamp() END
    WHERE delivery_id = %(delivery_id)s AND state = 'queued'
    RETURNING completion_id, destination, state
)
SELECT note_act(%(who)s, 'delivered', n.state = 'delivered', st.study_instance_uid, '', n.destination,
                jsonb_build_object('completion', c.number))
FROM noted n JOIN completion c USING (completion_id) JOIN study st USING (study_id) WHERE n.state <> 'queued';

-- destinations --
-- Those that administrators keep, and those that they removed: without a definition.
SELECT name, definition, secret FROM destination ORDER BY name;

-- destination --
-- One that is kept, held until the commit.
SELECT name FROM destination WHERE name = %(name)s AND definition IS NOT NULL FOR UPDATE;

-- keep_destination --
-- Make or change one; without "has_secret", the secret that it had stays.
INSERT INTO destination (name, definition, secret) VALUES (%(name)s, %(definition)s, %(secret)s)
    ON CONFLICT (name) DO UPDATE SET definition = excluded.definition, changed_at = clock_timestamp(),
        secret = CASE WHEN %(has_secret)s THEN excluded.secret ELSE destination.secret END
    RETURNING name;

-- remove_destination --
-- No row when there is none. That it was there stays: what comes late for it is set aside at once.
UPDATE destination SET definition = NULL, secret = NULL, changed_at = clock_timestamp()
WHERE name = %(name)s AND definition IS NOT NULL RETURNING name;

-- delivery_figures --
-- What waits for and is dead of each destination.
SELECT destination, count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'dead') AS dead
FROM delivery WHERE state IN ('queued', 'dead') GROUP BY destination;

-- orphaned_deliveries --
-- Jobs that have waited for so long for destinations that are gone, held until the commit.
SELECT j.id, j.args, j.priority, d.destination
FROM delivery d JOIN procrastinate_jobs j ON j.queue_name = 'deliver:' || d.destination AND j.status = 'todo'
                                             AND (j.args->>'delivery_id')::bigint = d.delivery_id
WHERE d.state = 'queued' AND d.destination = ANY(%(gone)s)
  AND d.queued_at < clock_timestamp() - make_interval(secs => %(seconds)s)
LIMIT 200 FOR UPDATE OF j SKIP LOCKED;

-- add_dead_letter --
-- A job that is not tried again until a person says so.
INSERT INTO dead_letter (job_id, task, arguments, priority, kind, reason)
VALUES (%(job_id)s, %(task)s, %(arguments)s, %(priority)s, %(kind)s, %(reason)s);

-- dead_letters --
-- What is dead, the newest first.
SELECT d.*, i.sop_instance_uid, st.study_instance_uid, v.destination
FROM dead_letter d
LEFT JOIN delivery v ON d.task = 'deliver' AND v.delivery_id = (d.arguments->>'delivery_id')::bigint
LEFT JOIN completion c USING (completion_id)
LEFT JOIN instance i ON d.task IN ('read', 'render') AND i.instance_id = (d.arguments->>'instance_id')::bigint
LEFT JOIN series s USING (series_id)
LEFT JOIN study st ON st.study_id = coalesce(s.study_id, c.study_id)
WHERE d.replayed_at IS NULL AND (%(before)s::bigint IS NULL OR d.dead_letter_id < %(before)s)
ORDER BY d.dead_letter_id DESC LIMIT %(limit)s;

-- replay_dead_letter --
-- Queue a dead job again: its instance waits again, its delivery is queued again. No row when it is not dead.
WITH replayed AS (
    UPDATE dead_letter SET replayed_at = clock_timestamp()
    WHERE dead_letter_id = %(dead_letter_id)s AND replayed_at IS NULL
    RETURNING *
), waits AS (
    UPDATE instance i SET state = 'pending' FROM replayed r
    WHERE r.task = 'read' AND i.instance_id = (r.arguments->>'instance_id')::bigint
    RETURNING i.series_id
), opened AS (
    UPDATE study st SET open = true, state = 'pending' FROM waits w JOIN series s USING (series_id)
    WHERE st.study_id = s.study_id
    RETURNING st.study_id
), again AS (
    UPDATE delivery d SET state = 'queued', attempts = 0, ended_at = NULL FROM replayed r
    WHERE r.task = 'deliver' AND d.delivery_id = (r.arguments->>'delivery_id')::bigint
    RETURNING d.destination
)
SELECT task, (SELECT study_id FROM opened) AS study_id,
       queue_job(CASE task WHEN 'deliver' THEN 'deliver:' || (SELECT destination FROM again) ELSE task END,
                 task, priority, arguments) AS job_id
FROM replayed;

-- claim_prior --
-- What was fetched as a prior is sent to be read after all: its results are sent like those of any other.
WITH claimed AS (
    UPDATE instance i SET door = %(door)s, sender = %(sender)s, priority = %(priority)s
    FROM series s JOIN study st USING (study_id)
    WHERE i.instance_id = %(instance_id)s AND i.door = 'prior' AND s.series_id = i.series_id
      AND NOT EXISTS (SELECT FROM expected_prior e
                      WHERE e.study_instance_uid = st.study_instance_uid AND e.until > clock_timestamp())
    RETURNING st.study_id)
UPDATE study SET is_prior = false, open = true, last_received_at = clock_timestamp(), site = coalesce(nullif(site, ''), %(site)s)
FROM claimed WHERE study.study_id = claimed.study_id;

-- queue_prior_search --
-- Have the priors of an instance's study looked for, once a study, below everything else.
WITH made AS (
    INSERT INTO prior_search (study_id)
        SELECT st.study_id FROM instance i JOIN series s USING (series_id) JOIN study st USING (study_id)
        WHERE i.instance_id = %(instance_id)s AND i.state = 'read' AND i.door NOT IN ('prior', 'backfill')
          AND st.patient_id <> ''
        ON CONFLICT (study_id) DO NOTHING
        RETURNING study_id)
SELECT queue_job('priors', 'priors', 0, jsonb_build_object('study_id', study_id)) FROM made;

-- study_of_person --
-- Who a study is of, and when it was made.
SELECT study_id, study_instance_uid, patient_id, patient_name, birth_date, study_date,
       coalesce(attributes->'00080030'->'Value'->>0, '') AS study_time,
       coalesce(attributes->'00100021'->'Value'->>0, '') AS issuer
FROM study WHERE study_id = %(study_id)s;

-- studies_of_patient --
-- Other studies under the same patient's ID in which a radiograph was read, the newest first.
SELECT p.study_id, p.study_instance_uid, p.patient_id, p.patient_name, p.birth_date, p.study_date, p.findings,
       coalesce(p.attributes->'00080030'->'Value'->>0, '') AS study_time,
       coalesce(p.attributes->'00100021'->'Value'->>0, '') AS issuer
FROM study st JOIN study p USING (patient_id)
WHERE st.study_id = %(study_id)s AND st.patient_id <> '' AND p.study_id <> st.study_id AND p.state = 'read'
  AND (%(sites)s::text[] IS NULL OR p.site = ANY(%(sites)s))
ORDER BY p.study_date DESC LIMIT 200;

-- known_study --
-- A study of which something is kept.
SELECT study_id FROM study WHERE study_instance_uid = %(study_instance_uid)s LIMIT 1;

-- expect_prior --
-- An archive is asked to send a study.
INSERT INTO expected_prior (study_instance_uid, until)
    VALUES (%(study_instance_uid)s, clock_timestamp() + make_interval(secs => %(seconds)s))
    ON CONFLICT (study_instance_uid) DO UPDATE SET until = excluded.until
    RETURNING until;

-- expect_no_more --
-- It says that it has sent it; some go on for a while after that.
WITH over AS (DELETE FROM expected_prior WHERE until < clock_timestamp())
UPDATE expected_prior SET until = clock_timestamp() + make_interval(secs => %(seconds)s)
WHERE study_instance_uid = %(study_instance_uid)s RETURNING until;

-- note_prior_search --
-- How an attempt ended.
UPDATE prior_search SET state = %(state)s, attempts = attempts + 1, found = %(found)s, reason = %(reason)s
WHERE study_id = %(study_id)s RETURNING state;

-- prior_search --
-- How the search for a study's priors stands.
SELECT state, attempts, found, reason FROM prior_search WHERE study_id = %(study_id)s;

-- stalled_jobs --
-- Jobs whose worker is gone or gave no sign of life for so many seconds before the newest sign of anyone, held until the
-- commit. Against the newest, because where the database stood still or its clock jumped, everybody is silent alike.
SELECT j.id, j.task_name, j.args, j.priority, coalesce(k.kills, 0) AS kills
FROM procrastinate_jobs j
LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
LEFT JOIN killed_job k ON k.job_id = j.id
WHERE j.status = 'doing'
  AND (j.worker_id IS NULL
       OR w.last_heartbeat < (SELECT max(last_heartbeat) FROM procrastinate_workers)
                             - make_interval(secs => %(seconds)s))
FOR UPDATE OF j SKIP LOCKED;

-- note_kill --
-- One more time that a job's worker died with it.
INSERT INTO killed_job (job_id, kills) VALUES (%(job_id)s, 1)
    ON CONFLICT (job_id) DO UPDATE SET kills = killed_job.kills + 1, killed_at = clock_timestamp();

-- retry_suspect --
-- Give a stalled job to the living, one at a time: else whoever is done beside one that kills would die as often.
SELECT procrastinate_retry_job_v2(%(job_id)s, NULL, NULL, NULL, 'suspect ' || %(task)s::text);

-- retry_job --
-- Give a job to the living that is not to blame.
SELECT procrastinate_retry_job_v2(%(job_id)s, NULL, NULL, NULL, NULL);

-- held_jobs --
-- Jobs that these workers were doing.
SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = ANY(%(workers)s) FOR UPDATE;

-- forget_workers --
-- These workers are no more.
DELETE FROM procrastinate_workers WHERE id = ANY(%(workers)s);

-- bury_job --
-- End a job as failed.
SELECT procrastinate_finish_job_v1(%(job_id)s, 'failed', false);

-- dead_workers --
-- Forget workers that gave no sign of life for so many seconds; their jobs are looked at first.
DELETE FROM procrastinate_workers
WHERE last_heartbeat < (SELECT max(last_heartbeat) FROM procrastinate_workers) - make_interval(secs => %(seconds)s);

-- living_workers --
-- How many processes work whose queues gave a sign of life within so many seconds.
SELECT count(DISTINCT process) AS living FROM working_process p JOIN procrastinate_workers w ON w.id = p.worker_id
WHERE w.last_heartbeat >= now() - make_interval(secs => %(seconds)s);

-- note_process --
-- Which of the queues' workers are in this process; one that was forgotten meanwhile is not there.
INSERT INTO working_process (worker_id, process)
SELECT id, %(process)s FROM procrastinate_workers WHERE id = ANY(%(workers)s) FOR KEY SHARE
ON CONFLICT (worker_id) DO UPDATE SET process = excluded.process;

-- old_studies --
-- Studies to which nothing came for so many days and that wait for nothing, the oldest first.
SELECT study_id, study_instance_uid FROM study
WHERE last_received_at < clock_timestamp() - make_interval(days => %(days)s) AND state <> 'pending' AND NOT open
ORDER BY last_received_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- delete_studies --
-- Forget studies, with all that hangs on them.
DELETE FROM study WHERE study_id = ANY(%(studies)s);

-- doom_content --
-- Mark bytes to which nothing refers.
UPDATE content SET doomed = true WHERE content_hash IN (
    SELECT c.content_hash FROM content c
    WHERE NOT c.doomed AND c.stored_at < clock_timestamp() - interval '10 minutes'
      AND NOT EXISTS (SELECT FROM instance i WHERE i.content_hash = c.content_hash)
      AND NOT EXISTS (SELECT FROM conflict x WHERE x.content_hash = c.content_hash)
    LIMIT 1000 FOR UPDATE SKIP LOCKED);

-- doomed_content --
-- Some marked bytes, held until the commit.
SELECT content_hash FROM content c
WHERE doomed AND NOT EXISTS (SELECT FROM instance i WHERE i.content_hash = c.content_hash)
             AND NOT EXISTS (SELECT FROM conflict x WHERE x.content_hash = c.content_hash)
LIMIT 100 FOR UPDATE SKIP LOCKED;

-- delete_content --
-- Forget bytes that are deleted.
DELETE FROM content WHERE content_hash = ANY(%(hashes)s);

-- delete_ended_jobs --
-- Forget jobs that ended; what is dead stands in dead_letter.
DELETE FROM procrastinate_jobs WHERE status IN ('failed', 'cancelled', 'aborted') AND id < (
    SELECT coalesce(max(id), 0) - 10000 FROM procrastinate_jobs);

-- queue_figures --
-- What waits, by task, and how long the oldest has waited.
SELECT j.task_name AS task, j.priority, count(*) AS waiting,
       coalesce(extract(epoch FROM now() - min(e.at)), 0)::float AS oldest_seconds
FROM procrastinate_jobs j
LEFT JOIN LATERAL (SELECT at FROM procrastinate_events WHERE job_id = j.id AND type = 'deferred' LIMIT 1) e ON true
WHERE j.status = 'todo' GROUP BY j.task_name, j.priority;

-- dead_figures --
-- How many jobs are dead, by task.
SELECT task, kind, count(*) AS dead FROM dead_letter WHERE replayed_at IS NULL GROUP BY task, kind;

-- queue_render --
-- Have the display copy of an instance made, before everything else.
SELECT queue_job('read', 'render', 30, jsonb_build_object('instance_id', %(instance_id)s::bigint));

-- backfill_state --
-- Where a backfill stands.
SELECT * FROM backfill WHERE source = %(source)s;

-- note_backfill --
-- How far a backfill has come.
INSERT INTO backfill (source, done, total, last_name)
    VALUES (%(source)s, %(done)s, %(total)s, %(last_name)s)
    ON CONFLICT (source) DO UPDATE SET done = excluded.done, total = excluded.total, last_name = excluded.last_name,
                                       updated_at = clock_timestamp();

-- backfill_waiting --
-- How many readings of backfills wait, counted no further than a bound.
SELECT count(*) AS waiting FROM (
    SELECT FROM procrastinate_jobs WHERE status = 'todo' AND queue_name = 'read' AND priority = %(priority)s
    LIMIT %(bound)s) AS bounded;

-- queue_unread --
-- Queue the next instances that this reader has not read, below everything else; they go by their id.
WITH unread AS (
    SELECT i.instance_id FROM instance i
    WHERE i.instance_id > %(after)s AND i.state <> 'pending'
      AND NOT EXISTS (SELECT FROM outcome o WHERE o.instance_id = i.instance_id AND o.reader = %(reader)s)
    ORDER BY i.instance_id LIMIT %(limit)s)
SELECT instance_id, queue_job('read', 'read', 0, jsonb_build_object('instance_id', instance_id)) FROM unread;

-- count_unread --
-- How many instances this reader has not read.
SELECT count(*) AS unread FROM instance i
WHERE i.instance_id > %(after)s AND i.state <> 'pending'
  AND NOT EXISTS (SELECT FROM outcome o WHERE o.instance_id = i.instance_id AND o.reader = %(reader)s);

-- kept_instances --
-- The DICOM instances of a study, of one of its series, or one of them, the first received first.
SELECT i.instance_id, st.study_instance_uid, s.series_instance_uid, i.sop_instance_uid, i.sop_class_uid,
       i.transfer_syntax, i.content_hash
FROM study st JOIN series s USING (study_id) JOIN instance i USING (series_id)
WHERE st.study_instance_uid = %(study)s AND i.transfer_syntax <> '' AND (%(sites)s::text[] IS NULL OR st.site = ANY(%(sites)s))
  AND (%(series)s::text IS NULL OR s.series_instance_uid = %(series)s)
  AND (%(instance)s::text IS NULL OR i.sop_instance_uid = %(instance)s)
ORDER BY i.instance_id;

-- search_studies --
-- Studies by what DICOMweb asks, the latest study date first, of one date the last received.
SELECT st.*, n.series, n.instances
FROM (SELECT st.study_id, st.study_date, st.study_instance_uid, st.shared_uid, st.modalities, st.attributes AS study_attributes
      FROM study st WHERE st.attributes IS NOT NULL AND {where}
      ORDER BY st.study_date DESC, st.study_id DESC LIMIT %(limit)s OFFSET %(offset)s) st
CROSS JOIN LATERAL (SELECT count(DISTINCT s.series_id) AS series, count(*) AS instances
                    FROM series s JOIN instance i USING (series_id) WHERE s.study_id = st.study_id) n
ORDER BY st.study_date DESC, st.study_id DESC;

-- search_series --
-- Series, the last received first.
SELECT s.*, (SELECT count(*) FROM instance i WHERE i.series_id = s.series_id) AS instances
FROM (SELECT s.series_id, st.study_instance_uid, st.shared_uid, st.modalities, st.attributes AS study_attributes,
             s.series_instance_uid, s.attributes AS series_attributes
      FROM series s JOIN study st USING (study_id) WHERE s.attributes IS NOT NULL AND {where}
      ORDER BY s.series_id DESC LIMIT %(limit)s OFFSET %(offset)s) s
ORDER BY s.series_id DESC;

-- search_instances --
-- Instances, the last received first: of each the content that came first.
SELECT st.study_instance_uid, st.shared_uid, st.modalities, st.attributes AS study_attributes,
       s.series_instance_uid, s.attributes AS series_attributes,
       i.sop_instance_uid, i.transfer_syntax, i.attributes AS instance_attributes
FROM instance i JOIN series s USING (series_id) JOIN study st USING (study_id)
WHERE i.attributes IS NOT NULL AND {where}
ORDER BY i.instance_id DESC LIMIT %(limit)s OFFSET %(offset)s;

-- not_described --
-- Some instances whose headers were not read for what DICOMweb searches, held until the commit.
SELECT i.instance_id, i.content_hash FROM instance i
WHERE NOT i.described ORDER BY i.instance_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- describe_instance --
-- What a header says: of its instance, and where it came first, of its series and its study.
WITH its AS (
    UPDATE instance SET described = true, attributes = coalesce(%(instance)s, attributes)
    WHERE instance_id = %(instance_id)s RETURNING instance_id, series_id
), its_series AS (
    UPDATE series s SET attributes = coalesce(%(series)s, attributes) FROM its
    WHERE s.series_id = its.series_id AND NOT EXISTS (
        SELECT FROM instance i WHERE i.series_id = its.series_id AND i.instance_id < its.instance_id)
)
UPDATE study st SET attributes = coalesce(%(study)s, st.attributes), name_to_match = %(name_to_match)s,
                    physician_to_match = %(physician_to_match)s
FROM its JOIN series s USING (series_id)
WHERE st.study_id = s.study_id AND %(study)s::jsonb IS NOT NULL AND NOT EXISTS (
    SELECT FROM instance i JOIN series s2 USING (series_id)
    WHERE s2.study_id = s.study_id AND i.instance_id < its.instance_id);

-- told_counts --
-- How many readings, refusals and reviewed versions of them each of these studies has; not those of what is no radiograph.
SELECT s.study_id, sum(1 + (SELECT count(*) FROM completion c JOIN review r USING (review_id)
                            WHERE r.outcome_id = o.outcome_id))::int AS told
FROM series s JOIN instance i USING (series_id)
CROSS JOIN LATERAL (SELECT outcome_id, state, refusal_code FROM newest_outcome(i.instance_id)) o
WHERE s.study_id = ANY(%(studies)s) AND i.transfer_syntax <> '' AND i.state <> 'pending' AND o.state <> 'failed'
  AND coalesce(o.refusal_code, '') <> ALL(%(unanswered)s)
GROUP BY s.study_id;

-- told_of_studies --
-- What was said last of each instance of a study, and each version of it that came of a review, as they are sent: see
-- sent_review.
WITH newest AS (
    SELECT st.study_id, st.study_instance_uid, i.sop_instance_uid, i.content_hash, o.*
    FROM study st JOIN series s USING (study_id) JOIN instance i USING (series_id)
    CROSS JOIN LATERAL (SELECT outcome_id, document, recorded_at, placement, heatmap_shape
                        FROM newest_outcome(i.instance_id)) o
    WHERE st.study_instance_uid = ANY(%(studies)s) AND i.transfer_syntax <> '' AND i.state <> 'pending'
      AND (%(sites)s::text[] IS NULL OR st.site = ANY(%(sites)s))
), said AS (
    SELECT c.completion_id, n.outcome_id, sent_review(c.completion_id) AS review
    FROM newest n JOIN review r USING (outcome_id) JOIN completion c USING (review_id)
)
SELECT n.*, v.review
FROM newest n
CROSS JOIN LATERAL (SELECT 0::bigint AS completion_id, NULL::jsonb AS review
                    UNION ALL SELECT s.completion_id, s.review FROM said s WHERE s.outcome_id = n.outcome_id) v
ORDER BY n.outcome_id, v.completion_id;

-- kept_under --
-- SOP class and content of what is received under some SOP Instance UIDs.
SELECT sop_instance_uid, sop_class_uid, content_hash FROM instance WHERE sop_instance_uid = ANY(%(uids)s);

-- queue_commitment --
-- Have a peer told what of its storage commitment request is kept here.
SELECT queue_job('commitment', 'commitment', 10, %(arguments)s);

-- account_of_session --
-- Who is signed in with this token; no row when nobody is, or not any more.
SELECT a.*, s.seen_at < clock_timestamp() - interval '1 minute' AS seen_long_ago
FROM session s JOIN account a USING (account_id)
WHERE s.token_hash = %(token_hash)s AND s.ended_at IS NULL AND NOT a.disabled
  AND s.ends_at > clock_timestamp() AND s.seen_at > clock_timestamp() - make_interval(mins => %(idle_minutes)s);

-- note_session --
-- It was used just now.
UPDATE session SET seen_at = clock_timestamp() WHERE token_hash = %(token_hash)s RETURNING account_id;

-- open_session --
-- Somebody signed in.
WITH signed_in AS (UPDATE account SET signed_in_at = clock_timestamp() WHERE account_id = %(account_id)s)
INSERT INTO session (token_hash, account_id, address, ends_at)
    VALUES (%(token_hash)s, %(account_id)s, %(address)s, clock_timestamp() + make_interval(hours => %(hours)s))
    RETURNING ends_at;

-- end_session --
-- Somebody signs out.
UPDATE session SET ended_at = clock_timestamp()
WHERE token_hash = %(token_hash)s AND ended_at IS NULL RETURNING account_id;

-- end_sessions --
-- All of an account's.
UPDATE session SET ended_at = clock_timestamp() WHERE account_id = %(account_id)s AND ended_at IS NULL;

-- forget_sessions --
-- Those that ended long ago.
DELETE FROM session WHERE ends_at < clock_timestamp() - make_interval(days => %(days)s);

-- account_by_name --
-- An account, and whether it was signed in to from this address before.
SELECT a.*, EXISTS (SELECT FROM session s WHERE s.account_id = a.account_id AND s.address = %(address)s) AS known_address
FROM account a WHERE a.folded_name = %(folded_name)s;

-- account_by_subject --
-- The account of somebody whom another service vouches for.
SELECT * FROM account WHERE subject = %(subject)s;

-- accounts --
-- All of them.
SELECT * FROM account ORDER BY folded_name;

-- any_account --
-- Whether there is one.
SELECT EXISTS (SELECT FROM account) AS any;

-- any_invitation --
-- Whether there ever was one.
SELECT EXISTS (SELECT FROM invitation) AS any;

-- add_account --
-- No row when the name is taken.
INSERT INTO account (name, folded_name, display_name, role, sites, password_hash, subject)
    VALUES (%(name)s, %(folded_name)s, %(display_name)s, %(role)s, %(sites)s, %(password_hash)s, %(subject)s)
    ON CONFLICT DO NOTHING RETURNING *;

-- change_account --
-- What is null stays.
UPDATE account SET display_name = coalesce(%(display_name)s, display_name), role = coalesce(%(role)s, role),
                   sites = coalesce(%(sites)s, sites), password_hash = coalesce(%(password_hash)s, password_hash),
                   disabled = coalesce(%(disabled)s, disabled)
WHERE account_id = %(account_id)s RETURNING *;

-- hold_administrators --
-- Those who can sign in, held until the commit: one must be left.
SELECT account_id FROM account WHERE role = 'administrator' AND NOT disabled ORDER BY account_id FOR UPDATE;

-- add_invitation --
-- A link that makes one account.
INSERT INTO invitation (token_hash, role, sites, expires_at)
    VALUES (%(token_hash)s, %(role)s, %(sites)s, clock_timestamp() + make_interval(hours => %(hours)s))
    RETURNING expires_at;

-- invitation --
-- One that can be used.
SELECT role FROM invitation WHERE token_hash = %(token_hash)s AND used_at IS NULL AND expires_at > clock_timestamp();

-- use_invitation --
-- No row when it was used before, is too old or was never made.
UPDATE invitation SET used_at = clock_timestamp()
WHERE token_hash = %(token_hash)s AND used_at IS NULL AND expires_at > clock_timestamp() RETURNING role, sites;

-- failed_sign_ins --
-- How many passwords were wrong, and how many seconds ago the last one was.
SELECT subject, failed, extract(epoch FROM clock_timestamp() - last_at)::float AS seconds_ago
FROM failed_sign_in WHERE subject = ANY(%(subjects)s) ORDER BY subject FOR UPDATE;

-- count_sign_in --
-- One more try, counted as wrong until it is known to be right; after so many seconds the count begins anew.
INSERT INTO failed_sign_in (subject, failed, last_at)
    SELECT subject, 1, clock_timestamp() FROM unnest(%(subjects)s::bytea[]) subject ORDER BY subject
    ON CONFLICT (subject) DO UPDATE SET last_at = clock_timestamp(),
        failed = CASE WHEN failed_sign_in.last_at < clock_timestamp() - make_interval(secs => %(forget)s) THEN 1
                      ELSE failed_sign_in.failed + 1 END;

-- forgive_sign_ins --
-- Begin the counts anew.
DELETE FROM failed_sign_in WHERE subject = ANY(%(subjects)s);

-- take_back_sign_in --
-- A try was right after all.
UPDATE failed_sign_in SET failed = greatest(failed - 1, 0) WHERE subject = %(subject)s;

-- forget_sign_ins --
-- Counts that would begin anew.
DELETE FROM failed_sign_in WHERE last_at < clock_timestamp() - make_interval(secs => %(forget)s);

-- key_by_prefix --
-- A key that is valid now, with what its secret must be.
SELECT *, CASE WHEN former_until > clock_timestamp() THEN former_hash END AS valid_former_hash,
       coalesce(last_used_at < clock_timestamp() - interval '1 minute', true) AS used_long_ago
FROM api_key
WHERE prefix = %(prefix)s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_timestamp());

-- note_key --
-- It was used just now.
UPDATE api_key SET last_used_at = clock_timestamp() WHERE key_id = %(key_id)s RETURNING key_id;

-- keys --
-- All that are not revoked.
SELECT * FROM api_key WHERE revoked_at IS NULL ORDER BY name;

-- add_key --
-- No row when the name is taken.
INSERT INTO api_key (name, prefix, secret_hash, scopes, sites, made_by, expires_at)
    VALUES (%(name)s, %(prefix)s, %(secret_hash)s, %(scopes)s, %(sites)s, %(made_by)s,
            clock_timestamp() + make_interval(days => %(days)s))
    ON CONFLICT DO NOTHING RETURNING *;

-- revoke_key --
-- No row when there is none.
UPDATE api_key SET revoked_at = clock_timestamp()
WHERE key_id = %(key_id)s AND revoked_at IS NULL RETURNING name;

-- rotate_key --
-- Another secret; the one before stays valid for a while.
UPDATE api_key SET former_hash = secret_hash, secret_hash = %(secret_hash)s,
                   former_until = clock_timestamp() + make_interval(hours => %(hours)s)
WHERE key_id = %(key_id)s AND revoked_at IS NULL RETURNING *;

-- link_account --
-- Give an account without a password, that is nobody's yet, to whom another service vouches for.
UPDATE account SET subject = %(subject)s
WHERE folded_name = %(folded_name)s AND password_hash IS NULL AND subject IS NULL AND NOT disabled RETURNING *;

-- begin_way --
-- Somebody sets out to the OpenID Connect provider; who never came back is forgotten.
WITH gone AS (DELETE FROM oidc_way WHERE began_at < clock_timestamp() - interval '1 day')
INSERT INTO oidc_way (state_hash, nonce, verifier) VALUES (%(state_hash)s, %(nonce)s, %(verifier)s) RETURNING began_at;

-- end_way --
-- Somebody comes back; no row the second time, or too late.
DELETE FROM oidc_way
WHERE state_hash = %(state_hash)s AND began_at > clock_timestamp() - make_interval(secs => %(seconds)s)
RETURNING nonce, verifier;
