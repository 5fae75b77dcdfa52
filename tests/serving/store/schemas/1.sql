CREATE SCHEMA hilum;
CREATE EXTENSION pg_trgm SCHEMA hilum;
--
-- PostgreSQL database dump
--


-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: hilum; Type: SCHEMA; Schema: -; Owner: -
--



--
-- Name: procrastinate_job_event_type; Type: TYPE; Schema: hilum; Owner: -
--

CREATE TYPE hilum.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);


--
-- Name: procrastinate_job_status; Type: TYPE; Schema: hilum; Owner: -
--

CREATE TYPE hilum.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);


--
-- Name: procrastinate_job_to_defer_v1; Type: TYPE; Schema: hilum; Owner: -
--

CREATE TYPE hilum.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);


--
-- Name: count_study(bigint, text[]); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.count_study(the_study bigint, urgent text[]) RETURNS void
    LANGUAGE sql
    AS $$
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


--
-- Name: forbid_change(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.forbid_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: outcome; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.outcome (
    outcome_id bigint NOT NULL,
    instance_id bigint NOT NULL,
    reader text NOT NULL,
    content_hash text NOT NULL,
    state text NOT NULL,
    refusal_code text,
    document jsonb NOT NULL,
    heatmaps bytea,
    heatmap_shape integer[],
    placement jsonb,
    findings text[] DEFAULT '{}'::text[] NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT outcome_state_check CHECK ((state = ANY (ARRAY['read'::text, 'refused'::text, 'failed'::text])))
);


--
-- Name: newest_outcome(bigint); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.newest_outcome(the_instance bigint) RETURNS SETOF hilum.outcome
    LANGUAGE sql STABLE
    AS $$
    SELECT * FROM outcome WHERE instance_id = the_instance ORDER BY outcome_id DESC LIMIT 1;
$$;


--
-- Name: procrastinate_cancel_job_v1(bigint, boolean, boolean); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;


--
-- Name: procrastinate_defer_jobs_v1(hilum.procrastinate_job_to_defer_v1[]); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_defer_jobs_v1(jobs hilum.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;


--
-- Name: procrastinate_defer_periodic_job_v2(character varying, character varying, character varying, character varying, integer, character varying, bigint, jsonb); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;


--
-- Name: procrastinate_jobs; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status hilum.procrastinate_job_status DEFAULT 'todo'::hilum.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::hilum.procrastinate_job_status) AND (abort_requested = true))))
);


--
-- Name: procrastinate_fetch_job_v2(character varying[], bigint); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS hilum.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;


--
-- Name: procrastinate_finish_job_v1(bigint, hilum.procrastinate_job_status, boolean); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_finish_job_v1(job_id bigint, end_status hilum.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_notify_queue_abort_job_v1(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_notify_queue_job_inserted_v1(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_prune_stalled_workers_v1(double precision); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_register_worker_v1(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_retry_job_v1(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_retry_job_v2(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;


--
-- Name: procrastinate_trigger_abort_requested_events_procedure_v1(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_scheduled_events_v1(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_insert_v1(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_update_v1(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_unlink_periodic_defers_v1(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;


--
-- Name: procrastinate_unregister_worker_v1(bigint); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;


--
-- Name: procrastinate_update_heartbeat_v1(bigint); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;


--
-- Name: queue_job(text, text, integer, jsonb); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.queue_job(queue text, task text, priority integer, arguments jsonb) RETURNS bigint
    LANGUAGE sql
    AS $$
    SELECT (procrastinate_defer_jobs_v1(
        ARRAY[ROW(queue, task, priority, NULL, NULL, arguments, NULL)::procrastinate_job_to_defer_v1]))[1];
$$;


--
-- Name: receive_instance(jsonb); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.receive_instance(it jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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
                            study_date, study_description, accession_number, search_text, urgency, modalities)
        VALUES (it->>'study_instance_uid', it->>'patient_key', coalesce(others, false), it->>'patient_name',
                it->>'patient_id', it->>'birth_date', it->>'sex', it->>'study_date', it->>'study_description',
                it->>'accession_number', it->>'search_text',
                CASE WHEN (it->>'priority')::int >= 20 THEN 4 ELSE 0 END, ARRAY[it->>'modality'])
        ON CONFLICT (study_instance_uid, patient_key) DO UPDATE SET
            last_received_at = clock_timestamp(), state = 'pending', open = true, reviewed = false,
            urgency = greatest(s.urgency, excluded.urgency),
            modalities = ARRAY(SELECT DISTINCT unnest(s.modalities || excluded.modalities) ORDER BY 1)
        RETURNING study_id INTO the_study;
    INSERT INTO series AS s (study_id, series_instance_uid, modality)
        VALUES (the_study, it->>'series_instance_uid', it->>'modality')
        ON CONFLICT (study_id, series_instance_uid) DO UPDATE SET modality = s.modality
        RETURNING series_id INTO the_series;
    INSERT INTO instance (series_id, sop_instance_uid, sop_class_uid, transfer_syntax, content_hash, view_position,
                          door, sender, priority)
        VALUES (the_series, it->>'sop_instance_uid', it->>'sop_class_uid', it->>'transfer_syntax',
                it->>'content_hash', it->>'view_position', it->>'door', it->>'sender', (it->>'priority')::smallint)
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


--
-- Name: record_outcome(jsonb, bytea, text[]); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.record_outcome(it jsonb, its_heatmaps bytea, urgent text[]) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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
                         placement, findings)
        VALUES ((it->>'instance_id')::bigint, it->>'reader', it->>'content_hash', it->>'state', it->>'refusal_code',
                it->'document', its_heatmaps, ARRAY(SELECT jsonb_array_elements_text(it->'heatmap_shape')::int),
                nullif(it->'placement', 'null'), ARRAY(SELECT jsonb_array_elements_text(it->'findings')))
        ON CONFLICT (instance_id, reader) DO UPDATE SET
            state = excluded.state, refusal_code = excluded.refusal_code, document = excluded.document,
            heatmaps = excluded.heatmaps, heatmap_shape = excluded.heatmap_shape, placement = excluded.placement,
            findings = excluded.findings, recorded_at = clock_timestamp()
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


--
-- Name: tell_progress(text, text, text); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.tell_progress(study_instance_uid text, sop_instance_uid text, state text) RETURNS void
    LANGUAGE sql
    AS $$
    SELECT pg_notify('hilum_progress', json_build_object(
        'study_instance_uid', study_instance_uid, 'sop_instance_uid', sop_instance_uid, 'state', state)::text);
$$;


--
-- Name: audit; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.audit (
    audit_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: audit_audit_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.audit ALTER COLUMN audit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.audit_audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: backfill; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.backfill (
    source text NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    last_name text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: completion; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.completion (
    completion_id bigint NOT NULL,
    study_id bigint NOT NULL,
    number integer NOT NULL,
    outcome_ids bigint[] NOT NULL,
    completed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: completion_completion_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.completion ALTER COLUMN completion_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.completion_completion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: conflict; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.conflict (
    conflict_id bigint NOT NULL,
    instance_id bigint NOT NULL,
    content_hash text NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    door text NOT NULL,
    sender text DEFAULT ''::text NOT NULL
);


--
-- Name: conflict_conflict_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.conflict ALTER COLUMN conflict_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.conflict_conflict_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: content; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.content (
    content_hash text NOT NULL,
    size bigint NOT NULL,
    stored_at timestamp with time zone DEFAULT now() NOT NULL,
    doomed boolean DEFAULT false NOT NULL
);


--
-- Name: dead_letter; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.dead_letter (
    dead_letter_id bigint NOT NULL,
    job_id bigint,
    task text NOT NULL,
    arguments jsonb NOT NULL,
    priority integer NOT NULL,
    kind text NOT NULL,
    reason text NOT NULL,
    died_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    replayed_at timestamp with time zone,
    CONSTRAINT dead_letter_kind_check CHECK ((kind = ANY (ARRAY['poison'::text, 'failed'::text])))
);


--
-- Name: dead_letter_dead_letter_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.dead_letter ALTER COLUMN dead_letter_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.dead_letter_dead_letter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: delivery; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.delivery (
    delivery_id bigint NOT NULL,
    completion_id bigint NOT NULL,
    destination text NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    reason text,
    queued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'delivered'::text, 'dead'::text])))
);


--
-- Name: delivery_delivery_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.delivery ALTER COLUMN delivery_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.delivery_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: instance; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.instance (
    instance_id bigint NOT NULL,
    series_id bigint NOT NULL,
    sop_instance_uid text NOT NULL,
    sop_class_uid text DEFAULT ''::text NOT NULL,
    transfer_syntax text DEFAULT ''::text NOT NULL,
    content_hash text NOT NULL,
    view_position text DEFAULT ''::text NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    door text NOT NULL,
    sender text DEFAULT ''::text NOT NULL,
    priority smallint NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    CONSTRAINT instance_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'read'::text, 'refused'::text, 'failed'::text])))
);


--
-- Name: instance_instance_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.instance ALTER COLUMN instance_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.instance_instance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: killed_job; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.killed_job (
    job_id bigint NOT NULL,
    kills integer NOT NULL,
    killed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: outcome_outcome_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.outcome ALTER COLUMN outcome_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.outcome_outcome_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: procrastinate_events; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type hilum.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

CREATE SEQUENCE hilum.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE OWNED BY; Schema: hilum; Owner: -
--

ALTER SEQUENCE hilum.procrastinate_events_id_seq OWNED BY hilum.procrastinate_events.id;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

CREATE SEQUENCE hilum.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE OWNED BY; Schema: hilum; Owner: -
--

ALTER SEQUENCE hilum.procrastinate_jobs_id_seq OWNED BY hilum.procrastinate_jobs.id;


--
-- Name: procrastinate_periodic_defers; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

CREATE SEQUENCE hilum.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE OWNED BY; Schema: hilum; Owner: -
--

ALTER SEQUENCE hilum.procrastinate_periodic_defers_id_seq OWNED BY hilum.procrastinate_periodic_defers.id;


--
-- Name: procrastinate_workers; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: review; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.review (
    review_id bigint NOT NULL,
    outcome_id bigint NOT NULL,
    number integer NOT NULL,
    reviewer text NOT NULL,
    document jsonb NOT NULL,
    signed_off boolean NOT NULL,
    idempotency_key text,
    reviewed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: review_review_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.review ALTER COLUMN review_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.review_review_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: schema_version; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.schema_version (
    version integer NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: series; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.series (
    series_id bigint NOT NULL,
    study_id bigint NOT NULL,
    series_instance_uid text NOT NULL,
    modality text DEFAULT ''::text NOT NULL
);


--
-- Name: series_series_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.series ALTER COLUMN series_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.series_series_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: study; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.study (
    study_id bigint NOT NULL,
    study_instance_uid text NOT NULL,
    patient_key text NOT NULL,
    shared_uid boolean DEFAULT false NOT NULL,
    patient_name text DEFAULT ''::text NOT NULL,
    patient_id text DEFAULT ''::text NOT NULL,
    birth_date text DEFAULT ''::text NOT NULL,
    sex text DEFAULT ''::text NOT NULL,
    study_date text DEFAULT ''::text NOT NULL,
    study_description text DEFAULT ''::text NOT NULL,
    accession_number text DEFAULT ''::text NOT NULL,
    search_text text DEFAULT ''::text NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    last_received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    urgency smallint DEFAULT 0 NOT NULL,
    modalities text[] DEFAULT '{}'::text[] NOT NULL,
    findings text[] DEFAULT '{}'::text[] NOT NULL,
    refused boolean DEFAULT false NOT NULL,
    reviewed boolean DEFAULT false NOT NULL,
    open boolean DEFAULT true NOT NULL,
    CONSTRAINT study_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'read'::text, 'refused'::text, 'failed'::text])))
);


--
-- Name: study_study_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.study ALTER COLUMN study_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.study_study_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: procrastinate_events id; Type: DEFAULT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('hilum.procrastinate_events_id_seq'::regclass);


--
-- Name: procrastinate_jobs id; Type: DEFAULT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('hilum.procrastinate_jobs_id_seq'::regclass);


--
-- Name: procrastinate_periodic_defers id; Type: DEFAULT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('hilum.procrastinate_periodic_defers_id_seq'::regclass);


--
-- Data for Name: audit; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.audit OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-24 19:33:03.785329+00', 'http', 'conflict', '1.2.3.1', '{"content_hash": "9fbf2e7411e5ae4a86d04ce0b1bfd596e34bfd83a865a3387b142dfaeb99612e"}');
INSERT INTO hilum.audit OVERRIDING SYSTEM VALUE VALUES (2, '2026-11-24 19:33:03.800662+00', 'reader-7', 'review', '1', '{"number": 1, "sop_instance_uid": "1.2.3.1"}');


--
-- Data for Name: backfill; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: completion; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: conflict; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.conflict OVERRIDING SYSTEM VALUE VALUES (1, 1, '9fbf2e7411e5ae4a86d04ce0b1bfd596e34bfd83a865a3387b142dfaeb99612e', '2026-11-24 19:33:03.785141+00', 'http', '');


--
-- Data for Name: content; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.content VALUES ('9972a55b6d2850534b948ed289468a09f28b91dde60ffd4ac264f7611306a509', 3488, '2026-11-24 19:33:03.74517+00', false);
INSERT INTO hilum.content VALUES ('d747e51b39f809da6cccd14fa5f95dae36d9082c0c16ab9152b38c93899b7ad5', 3488, '2026-11-24 19:33:03.765315+00', false);
INSERT INTO hilum.content VALUES ('2845bc7fde649611d38c11c3a65b544940ca19e44d8a189b2a6adbde65c4529e', 3488, '2026-11-24 19:33:03.776416+00', false);
INSERT INTO hilum.content VALUES ('9fbf2e7411e5ae4a86d04ce0b1bfd596e34bfd83a865a3387b142dfaeb99612e', 3488, '2026-11-24 19:33:03.781942+00', false);


--
-- Data for Name: dead_letter; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: delivery; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: instance; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.instance OVERRIDING SYSTEM VALUE VALUES (3, 1, '1.2.3.3', '1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.1.2.1', '2845bc7fde649611d38c11c3a65b544940ca19e44d8a189b2a6adbde65c4529e', 'PA', '2026-11-24 19:33:03.780025+00', 'http', '', 10, 'pending');
INSERT INTO hilum.instance OVERRIDING SYSTEM VALUE VALUES (1, 1, '1.2.3.1', '1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.1.2.1', '9972a55b6d2850534b948ed289468a09f28b91dde60ffd4ac264f7611306a509', 'PA', '2026-11-24 19:33:03.760371+00', 'http', '', 10, 'read');
INSERT INTO hilum.instance OVERRIDING SYSTEM VALUE VALUES (2, 1, '1.2.3.2', '1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.1.2.1', 'd747e51b39f809da6cccd14fa5f95dae36d9082c0c16ab9152b38c93899b7ad5', 'PA', '2026-11-24 19:33:03.772025+00', 'http', '', 10, 'refused');


--
-- Data for Name: killed_job; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: outcome; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.outcome OVERRIDING SYSTEM VALUE VALUES (1, 1, 'stub 1', '', 'read', NULL, '{"view": "PA", "state": "read", "findings": [], "radiograph": null}', NULL, '{}', NULL, '{}', '2026-11-24 19:33:03.793435+00');
INSERT INTO hilum.outcome OVERRIDING SYSTEM VALUE VALUES (2, 2, 'stub 1', '', 'refused', NULL, '{"view": "PA", "state": "read", "findings": [], "radiograph": null}', NULL, '{}', NULL, '{}', '2026-11-24 19:33:03.796874+00');


--
-- Data for Name: procrastinate_events; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.procrastinate_events VALUES (1, 1, 'deferred', '2026-11-24 19:33:03.74517+00');
INSERT INTO hilum.procrastinate_events VALUES (2, 2, 'deferred', '2026-11-24 19:33:03.765315+00');
INSERT INTO hilum.procrastinate_events VALUES (3, 3, 'deferred', '2026-11-24 19:33:03.776416+00');


--
-- Data for Name: procrastinate_jobs; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.procrastinate_jobs VALUES (1, 'read', 'read', 10, NULL, NULL, '{"instance_id": 1}', 'todo', NULL, 0, false, NULL);
INSERT INTO hilum.procrastinate_jobs VALUES (2, 'read', 'read', 10, NULL, NULL, '{"instance_id": 2}', 'todo', NULL, 0, false, NULL);
INSERT INTO hilum.procrastinate_jobs VALUES (3, 'read', 'read', 10, NULL, NULL, '{"instance_id": 3}', 'todo', NULL, 0, false, NULL);


--
-- Data for Name: procrastinate_periodic_defers; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: procrastinate_workers; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: review; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.review OVERRIDING SYSTEM VALUE VALUES (1, 1, 1, 'reader-7', '{}', true, NULL, '2026-11-24 19:33:03.800106+00');


--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.schema_version VALUES (1, '2026-11-24 19:33:03.284433+00');


--
-- Data for Name: series; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.series OVERRIDING SYSTEM VALUE VALUES (1, 1, '1.2.3.20', 'DX');


--
-- Data for Name: study; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.study OVERRIDING SYSTEM VALUE VALUES (1, '1.2.3.30', '979050faa6e121b751fb685eb307b076', false, 'Mẫu Bình Thường', 'P-1', '', '', '20260102', '', '', 'mau binh thuong p-1', '2026-11-24 19:33:03.759295+00', '2026-11-24 19:33:03.779794+00', 'pending', 0, '{DX}', '{}', true, false, true);


--
-- Name: audit_audit_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.audit_audit_id_seq', 2, true);


--
-- Name: completion_completion_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.completion_completion_id_seq', 1, false);


--
-- Name: conflict_conflict_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.conflict_conflict_id_seq', 1, true);


--
-- Name: dead_letter_dead_letter_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.dead_letter_dead_letter_id_seq', 1, false);


--
-- Name: delivery_delivery_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.delivery_delivery_id_seq', 1, false);


--
-- Name: instance_instance_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.instance_instance_id_seq', 3, true);


--
-- Name: outcome_outcome_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.outcome_outcome_id_seq', 2, true);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.procrastinate_events_id_seq', 3, true);


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.procrastinate_jobs_id_seq', 3, true);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.procrastinate_periodic_defers_id_seq', 1, false);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.procrastinate_workers_id_seq', 1, false);


--
-- Name: review_review_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.review_review_id_seq', 1, true);


--
-- Name: series_series_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.series_series_id_seq', 3, true);


--
-- Name: study_study_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.study_study_id_seq', 3, true);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (audit_id);


--
-- Name: backfill backfill_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.backfill
    ADD CONSTRAINT backfill_pkey PRIMARY KEY (source);


--
-- Name: completion completion_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.completion
    ADD CONSTRAINT completion_pkey PRIMARY KEY (completion_id);


--
-- Name: completion completion_study_id_number_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.completion
    ADD CONSTRAINT completion_study_id_number_key UNIQUE (study_id, number);


--
-- Name: conflict conflict_instance_id_content_hash_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.conflict
    ADD CONSTRAINT conflict_instance_id_content_hash_key UNIQUE (instance_id, content_hash);


--
-- Name: conflict conflict_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.conflict
    ADD CONSTRAINT conflict_pkey PRIMARY KEY (conflict_id);


--
-- Name: content content_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.content
    ADD CONSTRAINT content_pkey PRIMARY KEY (content_hash);


--
-- Name: dead_letter dead_letter_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (dead_letter_id);


--
-- Name: delivery delivery_completion_id_destination_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.delivery
    ADD CONSTRAINT delivery_completion_id_destination_key UNIQUE (completion_id, destination);


--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (delivery_id);


--
-- Name: instance instance_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (instance_id);


--
-- Name: instance instance_sop_instance_uid_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.instance
    ADD CONSTRAINT instance_sop_instance_uid_key UNIQUE (sop_instance_uid);


--
-- Name: killed_job killed_job_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.killed_job
    ADD CONSTRAINT killed_job_pkey PRIMARY KEY (job_id);


--
-- Name: outcome outcome_instance_id_reader_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.outcome
    ADD CONSTRAINT outcome_instance_id_reader_key UNIQUE (instance_id, reader);


--
-- Name: outcome outcome_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (outcome_id);


--
-- Name: procrastinate_events procrastinate_events_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_jobs procrastinate_jobs_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_unique; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);


--
-- Name: procrastinate_workers procrastinate_workers_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);


--
-- Name: review review_outcome_id_idempotency_key_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.review
    ADD CONSTRAINT review_outcome_id_idempotency_key_key UNIQUE (outcome_id, idempotency_key);


--
-- Name: review review_outcome_id_number_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.review
    ADD CONSTRAINT review_outcome_id_number_key UNIQUE (outcome_id, number);


--
-- Name: review review_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.review
    ADD CONSTRAINT review_pkey PRIMARY KEY (review_id);


--
-- Name: schema_version schema_version_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (version);


--
-- Name: series series_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.series
    ADD CONSTRAINT series_pkey PRIMARY KEY (series_id);


--
-- Name: series series_study_id_series_instance_uid_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.series
    ADD CONSTRAINT series_study_id_series_instance_uid_key UNIQUE (study_id, series_instance_uid);


--
-- Name: study study_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.study
    ADD CONSTRAINT study_pkey PRIMARY KEY (study_id);


--
-- Name: study study_study_instance_uid_patient_key_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.study
    ADD CONSTRAINT study_study_instance_uid_patient_key_key UNIQUE (study_instance_uid, patient_key);


--
-- Name: conflict_content; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX conflict_content ON hilum.conflict USING btree (content_hash);


--
-- Name: dead_letter_dead; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX dead_letter_dead ON hilum.dead_letter USING btree (died_at DESC) WHERE (replayed_at IS NULL);


--
-- Name: delivery_unsettled; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX delivery_unsettled ON hilum.delivery USING btree (state) WHERE (state <> 'delivered'::text);


--
-- Name: idx_procrastinate_jobs_worker_not_null; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON hilum.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::hilum.procrastinate_job_status));


--
-- Name: idx_procrastinate_workers_last_heartbeat; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON hilum.procrastinate_workers USING btree (last_heartbeat);


--
-- Name: instance_content; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX instance_content ON hilum.instance USING btree (content_hash);


--
-- Name: instance_pending; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX instance_pending ON hilum.instance USING btree (series_id) WHERE (state = 'pending'::text);


--
-- Name: instance_series; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX instance_series ON hilum.instance USING btree (series_id);


--
-- Name: procrastinate_events_job_id_fkey_v1; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON hilum.procrastinate_events USING btree (job_id);


--
-- Name: procrastinate_jobs_id_lock_idx_v1; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON hilum.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::hilum.procrastinate_job_status, 'doing'::hilum.procrastinate_job_status]));


--
-- Name: procrastinate_jobs_lock_idx_v1; Type: INDEX; Schema: hilum; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON hilum.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::hilum.procrastinate_job_status);


--
-- Name: procrastinate_jobs_priority_idx_v1; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON hilum.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::hilum.procrastinate_job_status);


--
-- Name: procrastinate_jobs_queue_name_idx_v1; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON hilum.procrastinate_jobs USING btree (queue_name);


--
-- Name: procrastinate_jobs_queueing_lock_idx_v1; Type: INDEX; Schema: hilum; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON hilum.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::hilum.procrastinate_job_status);


--
-- Name: procrastinate_periodic_defers_job_id_fkey_v1; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON hilum.procrastinate_periodic_defers USING btree (job_id);


--
-- Name: study_findings; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_findings ON hilum.study USING gin (findings);


--
-- Name: study_modalities; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_modalities ON hilum.study USING gin (modalities);


--
-- Name: study_newest; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_newest ON hilum.study USING btree (last_received_at DESC, study_id DESC);


--
-- Name: study_open; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_open ON hilum.study USING btree (last_received_at) WHERE open;


--
-- Name: study_search; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_search ON hilum.study USING gin (search_text hilum.gin_trgm_ops);


--
-- Name: study_urgent; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_urgent ON hilum.study USING btree (urgency DESC, last_received_at DESC, study_id DESC);


--
-- Name: audit audit_is_append_only; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE ON hilum.audit FOR EACH ROW EXECUTE FUNCTION hilum.forbid_change();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_aborted_v1; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON hilum.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::hilum.procrastinate_job_status))) EXECUTE FUNCTION hilum.procrastinate_notify_queue_abort_job_v1();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_inserted_v1; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON hilum.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::hilum.procrastinate_job_status)) EXECUTE FUNCTION hilum.procrastinate_notify_queue_job_inserted_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_abort_requested_events_v1; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON hilum.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION hilum.procrastinate_trigger_abort_requested_events_procedure_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_delete_jobs_v1; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON hilum.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION hilum.procrastinate_unlink_periodic_defers_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_scheduled_events_v1; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON hilum.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::hilum.procrastinate_job_status))) EXECUTE FUNCTION hilum.procrastinate_trigger_function_scheduled_events_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_insert_v1; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON hilum.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::hilum.procrastinate_job_status)) EXECUTE FUNCTION hilum.procrastinate_trigger_function_status_events_insert_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_update_v1; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON hilum.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION hilum.procrastinate_trigger_function_status_events_update_v1();


--
-- Name: completion completion_study_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.completion
    ADD CONSTRAINT completion_study_id_fkey FOREIGN KEY (study_id) REFERENCES hilum.study(study_id) ON DELETE CASCADE;


--
-- Name: conflict conflict_content_hash_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.conflict
    ADD CONSTRAINT conflict_content_hash_fkey FOREIGN KEY (content_hash) REFERENCES hilum.content(content_hash);


--
-- Name: conflict conflict_instance_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.conflict
    ADD CONSTRAINT conflict_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES hilum.instance(instance_id) ON DELETE CASCADE;


--
-- Name: delivery delivery_completion_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.delivery
    ADD CONSTRAINT delivery_completion_id_fkey FOREIGN KEY (completion_id) REFERENCES hilum.completion(completion_id) ON DELETE CASCADE;


--
-- Name: instance instance_content_hash_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.instance
    ADD CONSTRAINT instance_content_hash_fkey FOREIGN KEY (content_hash) REFERENCES hilum.content(content_hash);


--
-- Name: instance instance_series_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.instance
    ADD CONSTRAINT instance_series_id_fkey FOREIGN KEY (series_id) REFERENCES hilum.series(series_id) ON DELETE CASCADE;


--
-- Name: killed_job killed_job_job_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.killed_job
    ADD CONSTRAINT killed_job_job_id_fkey FOREIGN KEY (job_id) REFERENCES hilum.procrastinate_jobs(id) ON DELETE CASCADE;


--
-- Name: outcome outcome_instance_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.outcome
    ADD CONSTRAINT outcome_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES hilum.instance(instance_id) ON DELETE CASCADE;


--
-- Name: procrastinate_events procrastinate_events_job_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES hilum.procrastinate_jobs(id) ON DELETE CASCADE;


--
-- Name: procrastinate_jobs procrastinate_jobs_worker_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES hilum.procrastinate_workers(id) ON DELETE SET NULL;


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_job_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES hilum.procrastinate_jobs(id);


--
-- Name: review review_outcome_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.review
    ADD CONSTRAINT review_outcome_id_fkey FOREIGN KEY (outcome_id) REFERENCES hilum.outcome(outcome_id) ON DELETE CASCADE;


--
-- Name: series series_study_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.series
    ADD CONSTRAINT series_study_id_fkey FOREIGN KEY (study_id) REFERENCES hilum.study(study_id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


