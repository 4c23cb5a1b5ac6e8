/**
 * What Supabase has beside `supabaseBase`: signatures of the extensions that the embedded server lacks.
 * Their bodies do nothing; they are only there so that the projects' SQL loads and describes.
 */

/** Routines of these schemas count as an extension's. */
export const platformSchemas = ['vault', 'cron', 'net', 'pgmq', 'graphql'];

const empty = (signature, returns) =>
  `CREATE FUNCTION ${signature} RETURNS ${returns} LANGUAGE plpgsql AS 'BEGIN ${
    returns === 'void' ? '' : /^(SETOF|TABLE)/.test(returns) ? 'RETURN;' : 'RETURN NULL;'
  } END';`;

export const platformBase = `
CREATE SCHEMA cron;
CREATE TABLE cron.job (
  jobid bigint PRIMARY KEY, schedule text NOT NULL, command text NOT NULL, nodename text, nodeport integer,
  database text, username text, active boolean NOT NULL DEFAULT true, jobname text
);
CREATE TABLE cron.job_run_details (
  jobid bigint, runid bigint PRIMARY KEY, job_pid integer, database text, username text, command text,
  status text, return_message text, start_time timestamptz, end_time timestamptz
);
${empty('cron.schedule(job_name text, schedule text, command text)', 'bigint')}
${empty('cron.schedule(schedule text, command text)', 'bigint')}
${empty('cron.unschedule(job_name text)', 'boolean')}
${empty('cron.unschedule(job_id bigint)', 'boolean')}
CREATE SCHEMA net;
${empty(`net.http_post(url text, body jsonb DEFAULT NULL, params jsonb DEFAULT NULL, headers jsonb DEFAULT NULL, timeout_milliseconds integer DEFAULT 5000)`, 'bigint')}
${empty(`net.http_get(url text, params jsonb DEFAULT NULL, headers jsonb DEFAULT NULL, timeout_milliseconds integer DEFAULT 5000)`, 'bigint')}
CREATE SCHEMA pgmq;
CREATE TYPE pgmq.message_record AS (
  msg_id bigint, read_ct integer, enqueued_at timestamptz, vt timestamptz, message jsonb, headers jsonb
);
CREATE TYPE pgmq.metrics_result AS (
  queue_name text, queue_length bigint, newest_msg_age_sec integer, oldest_msg_age_sec integer,
  total_messages bigint, scrape_time timestamptz
);
CREATE TABLE pgmq.meta (
  queue_name varchar PRIMARY KEY, is_partitioned boolean NOT NULL, is_unlogged boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
${empty('pgmq.create(queue_name text)', 'void')}
${empty('pgmq.drop_queue(queue_name text)', 'boolean')}
${empty('pgmq.purge_queue(queue_name text)', 'bigint')}
${empty('pgmq.send(queue_name text, msg jsonb)', 'SETOF bigint')}
${empty('pgmq.send(queue_name text, msg jsonb, delay integer)', 'SETOF bigint')}
${empty('pgmq.send_batch(queue_name text, msgs jsonb[])', 'SETOF bigint')}
${empty('pgmq.send_batch(queue_name text, msgs jsonb[], delay integer)', 'SETOF bigint')}
${empty(`pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb DEFAULT NULL)`, 'SETOF pgmq.message_record')}
${empty('pgmq.read_with_poll(queue_name text, vt integer, qty integer, max_poll_seconds integer DEFAULT 5, poll_interval_ms integer DEFAULT 100, conditional jsonb DEFAULT NULL)', 'SETOF pgmq.message_record')}
${empty('pgmq.pop(queue_name text)', 'SETOF pgmq.message_record')}
${empty('pgmq.delete(queue_name text, msg_id bigint)', 'boolean')}
${empty('pgmq.delete(queue_name text, msg_ids bigint[])', 'SETOF bigint')}
${empty('pgmq.archive(queue_name text, msg_id bigint)', 'boolean')}
${empty('pgmq.archive(queue_name text, msg_ids bigint[])', 'SETOF bigint')}
${empty('pgmq.set_vt(queue_name text, msg_id bigint, vt integer)', 'SETOF pgmq.message_record')}
${empty('pgmq.list_queues()', 'SETOF pgmq.meta')}
${empty('pgmq.metrics(queue_name text)', 'pgmq.metrics_result')}
${empty('pgmq.metrics_all()', 'SETOF pgmq.metrics_result')}
${empty('pgmq.format_table_name(queue_name text, prefix text)', 'text')}
`;
