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


--
-- Name: forbid_loss(); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.forbid_loss() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit WHERE entry_id = OLD.entry_id) THEN
        RAISE EXCEPTION 'an entry leaves % for the chain only', TG_TABLE_NAME;
    END IF;
    RETURN OLD;
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
    view text DEFAULT 'unknown'::text NOT NULL,
    strongest jsonb,
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
-- Name: note_act(jsonb, text, boolean, text, text, text, jsonb); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.note_act(who jsonb, action text, success boolean, study_instance_uid text, sop_instance_uid text, object text, details jsonb) RETURNS void
    LANGUAGE sql
    AS $$
    INSERT INTO audit_inbox (actor_kind, actor, address, action, success, study_instance_uid, sop_instance_uid, object,
                             details)
    VALUES (who->>'kind', who->>'name', who->>'address', action, success, study_instance_uid, sop_instance_uid, object,
            details);
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


--
-- Name: sent_review(bigint); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.sent_review(the_completion bigint) RETURNS jsonb
    LANGUAGE sql STABLE
    AS $$
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


--
-- Name: tell_progress(text, text, text); Type: FUNCTION; Schema: hilum; Owner: -
--

CREATE FUNCTION hilum.tell_progress(study_instance_uid text, sop_instance_uid text, state text) RETURNS void
    LANGUAGE sql
    AS $_$
    SELECT pg_notify('hilum_progress', json_build_object(
        'study_instance_uid', $1, 'sop_instance_uid', $2, 'state', $3,
        'sites', ARRAY(SELECT DISTINCT st.site FROM study st WHERE st.study_instance_uid = $1))::text);
$_$;


--
-- Name: account; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.account (
    account_id bigint NOT NULL,
    name text NOT NULL,
    folded_name text NOT NULL,
    display_name text NOT NULL,
    role text NOT NULL,
    sites text[] DEFAULT '{}'::text[] NOT NULL,
    password_hash text,
    subject text,
    disabled boolean DEFAULT false NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    signed_in_at timestamp with time zone,
    CONSTRAINT account_role_check CHECK ((role = ANY (ARRAY['reader'::text, 'administrator'::text, 'integration'::text])))
);


--
-- Name: account_account_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.account ALTER COLUMN account_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.account_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: api_key; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.api_key (
    key_id bigint NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    secret_hash bytea NOT NULL,
    former_hash bytea,
    former_until timestamp with time zone,
    scopes text[] NOT NULL,
    sites text[] DEFAULT '{}'::text[] NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone
);


--
-- Name: api_key_key_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.api_key ALTER COLUMN key_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.api_key_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: audit; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.audit (
    "position" bigint NOT NULL,
    previous text NOT NULL,
    hash text NOT NULL,
    entry_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_kind text NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    action text NOT NULL,
    success boolean NOT NULL,
    study_instance_uid text NOT NULL,
    sop_instance_uid text NOT NULL,
    object text NOT NULL,
    details jsonb NOT NULL
);


--
-- Name: audit_forwarded; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.audit_forwarded (
    "position" bigint NOT NULL
);


--
-- Name: audit_inbox; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.audit_inbox (
    entry_id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    actor_kind text NOT NULL,
    actor text NOT NULL,
    address text NOT NULL,
    action text NOT NULL,
    success boolean NOT NULL,
    study_instance_uid text NOT NULL,
    sop_instance_uid text NOT NULL,
    object text NOT NULL,
    details jsonb NOT NULL,
    CONSTRAINT audit_inbox_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['account'::text, 'key'::text, 'ae'::text, 'service'::text, 'unknown'::text])))
);


--
-- Name: audit_inbox_entry_id_seq; Type: SEQUENCE; Schema: hilum; Owner: -
--

ALTER TABLE hilum.audit_inbox ALTER COLUMN entry_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hilum.audit_inbox_entry_id_seq
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
    completed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    review_id bigint
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
    outcome_ids bigint[] NOT NULL,
    left_out text,
    attempts integer DEFAULT 0 NOT NULL,
    reason text,
    queued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT delivery_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'delivered'::text, 'dead'::text, 'skipped'::text])))
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
-- Name: destination; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.destination (
    name text NOT NULL,
    definition jsonb,
    secret text,
    changed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: expected_prior; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.expected_prior (
    study_instance_uid text NOT NULL,
    until timestamp with time zone NOT NULL
);


--
-- Name: failed_sign_in; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.failed_sign_in (
    subject bytea NOT NULL,
    failed integer NOT NULL,
    last_at timestamp with time zone NOT NULL
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
    body_part_examined text DEFAULT ''::text NOT NULL,
    station_name text DEFAULT ''::text NOT NULL,
    institution_name text DEFAULT ''::text NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    door text NOT NULL,
    sender text DEFAULT ''::text NOT NULL,
    priority smallint NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    attributes jsonb,
    described boolean DEFAULT false NOT NULL,
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
-- Name: invitation; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.invitation (
    token_hash bytea NOT NULL,
    role text NOT NULL,
    sites text[] DEFAULT '{}'::text[] NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT invitation_role_check CHECK ((role = ANY (ARRAY['reader'::text, 'administrator'::text, 'integration'::text])))
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
-- Name: oidc_way; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.oidc_way (
    state_hash bytea NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    began_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
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
-- Name: prior_search; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.prior_search (
    study_id bigint NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    found integer,
    reason text,
    queued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT prior_search_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'done'::text, 'failed'::text])))
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
    reviewed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    open boolean DEFAULT true NOT NULL
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
    modality text DEFAULT ''::text NOT NULL,
    attributes jsonb
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
-- Name: session; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.session (
    token_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    address text NOT NULL,
    made_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    seen_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
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
    attributes jsonb,
    name_to_match text DEFAULT ''::text NOT NULL,
    physician_to_match text DEFAULT ''::text NOT NULL,
    received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    last_received_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    urgency smallint DEFAULT 0 NOT NULL,
    modalities text[] DEFAULT '{}'::text[] NOT NULL,
    findings text[] DEFAULT '{}'::text[] NOT NULL,
    refused boolean DEFAULT false NOT NULL,
    reviewed boolean DEFAULT false NOT NULL,
    open boolean DEFAULT true NOT NULL,
    is_prior boolean DEFAULT false NOT NULL,
    site text DEFAULT ''::text NOT NULL,
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
-- Name: working_process; Type: TABLE; Schema: hilum; Owner: -
--

CREATE TABLE hilum.working_process (
    worker_id bigint NOT NULL,
    process text NOT NULL
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
-- Data for Name: account; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: api_key; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: audit; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: audit_forwarded; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.audit_forwarded VALUES (0);


--
-- Data for Name: audit_inbox; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.audit_inbox OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-25 15:38:35.333658+00', 'unknown', '', '', 'received', true, '1.2.3.30', '1.2.3.1', '', '{"door": "http"}');
INSERT INTO hilum.audit_inbox OVERRIDING SYSTEM VALUE VALUES (2, '2026-11-25 15:38:35.350955+00', 'unknown', '', '', 'received', true, '1.2.3.30', '1.2.3.2', '', '{"door": "http"}');
INSERT INTO hilum.audit_inbox OVERRIDING SYSTEM VALUE VALUES (3, '2026-11-25 15:38:35.358796+00', 'unknown', '', '', 'received', true, '1.2.3.30', '1.2.3.3', '', '{"door": "http"}');
INSERT INTO hilum.audit_inbox OVERRIDING SYSTEM VALUE VALUES (4, '2026-11-25 15:38:35.365526+00', 'unknown', '', '', 'conflict', false, '1.2.3.30', '1.2.3.1', '', '{"door": "http", "content_hash": "dac72b49ca09be4d606caa99b61a9c2cff89e332c60dbdc4e71f7f91d07017be"}');
INSERT INTO hilum.audit_inbox OVERRIDING SYSTEM VALUE VALUES (5, '2026-11-25 15:38:35.385548+00', 'account', 'reader-7', '', 'sign-off', true, '1.2.3.30', '1.2.3.1', '1', '{"number": 1, "reviewer": "reader-7"}');


--
-- Data for Name: backfill; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: completion; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: conflict; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.conflict OVERRIDING SYSTEM VALUE VALUES (1, 1, 'dac72b49ca09be4d606caa99b61a9c2cff89e332c60dbdc4e71f7f91d07017be', '2026-11-25 15:38:35.365319+00', 'http', '');


--
-- Data for Name: content; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.content VALUES ('e6d1935f58a1e21692bdb378da79f407793631a9c4c60445f6b7c10bd823bb1f', 3488, '2026-11-25 15:38:35.32122+00', false);
INSERT INTO hilum.content VALUES ('b18a52d3307a4111c4b13ed8f9cfc7a574a8a87754611149db962801b8d86c0a', 3488, '2026-11-25 15:38:35.340903+00', false);
INSERT INTO hilum.content VALUES ('eec27dd132febc20953eb29a8e6510940b4f914be5f22e3f7ddce14ba2a090f8', 3488, '2026-11-25 15:38:35.356376+00', false);
INSERT INTO hilum.content VALUES ('dac72b49ca09be4d606caa99b61a9c2cff89e332c60dbdc4e71f7f91d07017be', 3488, '2026-11-25 15:38:35.360852+00', false);


--
-- Data for Name: dead_letter; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: delivery; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: destination; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: expected_prior; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: failed_sign_in; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: instance; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.instance OVERRIDING SYSTEM VALUE VALUES (3, 1, '1.2.3.3', '1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.1.2.1', 'eec27dd132febc20953eb29a8e6510940b4f914be5f22e3f7ddce14ba2a090f8', 'PA', 'CHEST', '', '', '2026-11-25 15:38:35.358652+00', 'http', '', 10, 'pending', '{"00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.1.1"]}, "00080018": {"vr": "UI", "Value": ["1.2.3.3"]}, "00185101": {"vr": "CS", "Value": ["PA"]}, "00280004": {"vr": "CS", "Value": ["MONOCHROME2"]}, "00280010": {"vr": "US", "Value": [60]}, "00280011": {"vr": "US", "Value": [48]}, "00280100": {"vr": "US", "Value": [8]}}', true);
INSERT INTO hilum.instance OVERRIDING SYSTEM VALUE VALUES (1, 1, '1.2.3.1', '1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.1.2.1', 'e6d1935f58a1e21692bdb378da79f407793631a9c4c60445f6b7c10bd823bb1f', 'PA', 'CHEST', '', '', '2026-11-25 15:38:35.332989+00', 'http', '', 10, 'read', '{"00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.1.1"]}, "00080018": {"vr": "UI", "Value": ["1.2.3.1"]}, "00185101": {"vr": "CS", "Value": ["PA"]}, "00280004": {"vr": "CS", "Value": ["MONOCHROME2"]}, "00280010": {"vr": "US", "Value": [60]}, "00280011": {"vr": "US", "Value": [48]}, "00280100": {"vr": "US", "Value": [8]}}', true);
INSERT INTO hilum.instance OVERRIDING SYSTEM VALUE VALUES (2, 1, '1.2.3.2', '1.2.840.10008.5.1.4.1.1.1.1', '1.2.840.10008.1.2.1', 'b18a52d3307a4111c4b13ed8f9cfc7a574a8a87754611149db962801b8d86c0a', 'PA', 'CHEST', '', '', '2026-11-25 15:38:35.350495+00', 'http', '', 10, 'refused', '{"00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.1.1"]}, "00080018": {"vr": "UI", "Value": ["1.2.3.2"]}, "00185101": {"vr": "CS", "Value": ["PA"]}, "00280004": {"vr": "CS", "Value": ["MONOCHROME2"]}, "00280010": {"vr": "US", "Value": [60]}, "00280011": {"vr": "US", "Value": [48]}, "00280100": {"vr": "US", "Value": [8]}}', true);


--
-- Data for Name: invitation; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: killed_job; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: oidc_way; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: outcome; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.outcome OVERRIDING SYSTEM VALUE VALUES (1, 1, 'stub 1', '', 'read', NULL, '{"view": "PA", "state": "read", "findings": [], "radiograph": null}', NULL, '{}', NULL, '{}', '2026-11-25 15:38:35.367353+00', 'PA', NULL);
INSERT INTO hilum.outcome OVERRIDING SYSTEM VALUE VALUES (2, 2, 'stub 1', '', 'refused', NULL, '{"view": "PA", "state": "read", "findings": [], "radiograph": null}', NULL, '{}', NULL, '{}', '2026-11-25 15:38:35.376288+00', 'PA', NULL);


--
-- Data for Name: prior_search; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: procrastinate_events; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.procrastinate_events VALUES (1, 1, 'deferred', '2026-11-25 15:38:35.32122+00');
INSERT INTO hilum.procrastinate_events VALUES (2, 2, 'deferred', '2026-11-25 15:38:35.340903+00');
INSERT INTO hilum.procrastinate_events VALUES (3, 3, 'deferred', '2026-11-25 15:38:35.356376+00');


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

INSERT INTO hilum.review OVERRIDING SYSTEM VALUE VALUES (1, 1, 1, 'reader-7', '{}', true, NULL, '2026-11-25 15:38:35.384803+00', true);


--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.schema_version VALUES (13, '2026-11-25 15:38:34.97017+00');


--
-- Data for Name: series; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.series OVERRIDING SYSTEM VALUE VALUES (1, 1, '1.2.3.20', 'DX', '{"00080060": {"vr": "CS", "Value": ["DX"]}, "00180015": {"vr": "CS", "Value": ["CHEST"]}, "0020000E": {"vr": "UI", "Value": ["1.2.3.20"]}}');


--
-- Data for Name: session; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Data for Name: study; Type: TABLE DATA; Schema: hilum; Owner: -
--

INSERT INTO hilum.study OVERRIDING SYSTEM VALUE VALUES (1, '1.2.3.30', '979050faa6e121b751fb685eb307b076', false, 'Mẫu Bình Thường', 'P-1', '', '', '20260102', '', '', 'mau binh thuong p-1', '{"00080020": {"vr": "DA", "Value": ["20260102"]}, "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Mẫu^Bình Thường"}]}, "00100020": {"vr": "LO", "Value": ["P-1"]}, "0020000D": {"vr": "UI", "Value": ["1.2.3.30"]}}', '=mau^binh thuong=', '', '2026-11-25 15:38:35.331457+00', '2026-11-25 15:38:35.358469+00', 'pending', 0, '{DX}', '{}', true, false, true, false, '');


--
-- Data for Name: working_process; Type: TABLE DATA; Schema: hilum; Owner: -
--



--
-- Name: account_account_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.account_account_id_seq', 1, false);


--
-- Name: api_key_key_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.api_key_key_id_seq', 1, false);


--
-- Name: audit_inbox_entry_id_seq; Type: SEQUENCE SET; Schema: hilum; Owner: -
--

SELECT pg_catalog.setval('hilum.audit_inbox_entry_id_seq', 5, true);


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
-- Name: account account_folded_name_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.account
    ADD CONSTRAINT account_folded_name_key UNIQUE (folded_name);


--
-- Name: account account_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account_id);


--
-- Name: account account_subject_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.account
    ADD CONSTRAINT account_subject_key UNIQUE (subject);


--
-- Name: api_key api_key_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (key_id);


--
-- Name: api_key api_key_prefix_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.api_key
    ADD CONSTRAINT api_key_prefix_key UNIQUE (prefix);


--
-- Name: audit audit_entry_id_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.audit
    ADD CONSTRAINT audit_entry_id_key UNIQUE (entry_id);


--
-- Name: audit_inbox audit_inbox_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.audit_inbox
    ADD CONSTRAINT audit_inbox_pkey PRIMARY KEY (entry_id);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY ("position");


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
-- Name: completion completion_review_id_key; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.completion
    ADD CONSTRAINT completion_review_id_key UNIQUE (review_id);


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
-- Name: destination destination_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.destination
    ADD CONSTRAINT destination_pkey PRIMARY KEY (name);


--
-- Name: expected_prior expected_prior_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.expected_prior
    ADD CONSTRAINT expected_prior_pkey PRIMARY KEY (study_instance_uid);


--
-- Name: failed_sign_in failed_sign_in_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.failed_sign_in
    ADD CONSTRAINT failed_sign_in_pkey PRIMARY KEY (subject);


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
-- Name: invitation invitation_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (token_hash);


--
-- Name: killed_job killed_job_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.killed_job
    ADD CONSTRAINT killed_job_pkey PRIMARY KEY (job_id);


--
-- Name: oidc_way oidc_way_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.oidc_way
    ADD CONSTRAINT oidc_way_pkey PRIMARY KEY (state_hash);


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
-- Name: prior_search prior_search_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.prior_search
    ADD CONSTRAINT prior_search_pkey PRIMARY KEY (study_id);


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
-- Name: session session_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);


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
-- Name: working_process working_process_pkey; Type: CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.working_process
    ADD CONSTRAINT working_process_pkey PRIMARY KEY (worker_id);


--
-- Name: api_key_name; Type: INDEX; Schema: hilum; Owner: -
--

CREATE UNIQUE INDEX api_key_name ON hilum.api_key USING btree (name) WHERE (revoked_at IS NULL);


--
-- Name: audit_at; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX audit_at ON hilum.audit USING btree (at);


--
-- Name: audit_seldom; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX audit_seldom ON hilum.audit USING btree (action, entry_id) WHERE (action = ANY (ARRAY['configured'::text, 'backed-up'::text]));


--
-- Name: audit_study; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX audit_study ON hilum.audit USING btree (study_instance_uid) WHERE (study_instance_uid <> ''::text);


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

CREATE INDEX delivery_unsettled ON hilum.delivery USING btree (destination, state) WHERE (state = ANY (ARRAY['queued'::text, 'dead'::text]));


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
-- Name: instance_not_described; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX instance_not_described ON hilum.instance USING btree (instance_id) WHERE (NOT described);


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
-- Name: review_open; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX review_open ON hilum.review USING btree (review_id) WHERE open;


--
-- Name: series_uid; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX series_uid ON hilum.series USING btree (series_instance_uid);


--
-- Name: session_account; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX session_account ON hilum.session USING btree (account_id, address);


--
-- Name: study_accession; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_accession ON hilum.study USING btree (accession_number text_pattern_ops);


--
-- Name: study_date; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_date ON hilum.study USING btree (study_date, study_id);


--
-- Name: study_findings; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_findings ON hilum.study USING gin (findings);


--
-- Name: study_modalities; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_modalities ON hilum.study USING gin (modalities);


--
-- Name: study_name; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_name ON hilum.study USING gin (name_to_match hilum.gin_trgm_ops);


--
-- Name: study_newest; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_newest ON hilum.study USING btree (last_received_at DESC, study_id DESC);


--
-- Name: study_not_read; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_not_read ON hilum.study USING btree (state, last_received_at DESC, study_id DESC) WHERE (state <> 'read'::text);


--
-- Name: study_not_reviewed; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_not_reviewed ON hilum.study USING btree (urgency DESC, last_received_at DESC, study_id DESC) WHERE (NOT reviewed);


--
-- Name: study_open; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_open ON hilum.study USING btree (last_received_at) WHERE open;


--
-- Name: study_patient; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_patient ON hilum.study USING btree (patient_id text_pattern_ops);


--
-- Name: study_refused; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_refused ON hilum.study USING btree (last_received_at DESC, study_id DESC) WHERE refused;


--
-- Name: study_search; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_search ON hilum.study USING gin (search_text hilum.gin_trgm_ops);


--
-- Name: study_site; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_site ON hilum.study USING btree (site, last_received_at DESC, study_id DESC);


--
-- Name: study_urgent; Type: INDEX; Schema: hilum; Owner: -
--

CREATE INDEX study_urgent ON hilum.study USING btree (urgency DESC, last_received_at DESC, study_id DESC);


--
-- Name: audit_inbox audit_inbox_is_not_changed; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER audit_inbox_is_not_changed BEFORE UPDATE ON hilum.audit_inbox FOR EACH ROW EXECUTE FUNCTION hilum.forbid_change();


--
-- Name: audit_inbox audit_inbox_is_not_emptied; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER audit_inbox_is_not_emptied BEFORE TRUNCATE ON hilum.audit_inbox FOR EACH STATEMENT EXECUTE FUNCTION hilum.forbid_change();


--
-- Name: audit_inbox audit_inbox_loses_nothing; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER audit_inbox_loses_nothing BEFORE DELETE ON hilum.audit_inbox FOR EACH ROW EXECUTE FUNCTION hilum.forbid_loss();


--
-- Name: audit audit_is_append_only; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE ON hilum.audit FOR EACH ROW EXECUTE FUNCTION hilum.forbid_change();


--
-- Name: audit audit_is_not_emptied; Type: TRIGGER; Schema: hilum; Owner: -
--

CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON hilum.audit FOR EACH STATEMENT EXECUTE FUNCTION hilum.forbid_change();


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
-- Name: completion completion_review_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.completion
    ADD CONSTRAINT completion_review_id_fkey FOREIGN KEY (review_id) REFERENCES hilum.review(review_id) ON DELETE CASCADE;


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
-- Name: prior_search prior_search_study_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.prior_search
    ADD CONSTRAINT prior_search_study_id_fkey FOREIGN KEY (study_id) REFERENCES hilum.study(study_id) ON DELETE CASCADE;


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
-- Name: session session_account_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES hilum.account(account_id) ON DELETE CASCADE;


--
-- Name: working_process working_process_worker_id_fkey; Type: FK CONSTRAINT; Schema: hilum; Owner: -
--

ALTER TABLE ONLY hilum.working_process
    ADD CONSTRAINT working_process_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES hilum.procrastinate_workers(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


