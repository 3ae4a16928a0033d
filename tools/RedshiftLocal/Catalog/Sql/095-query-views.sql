-- The views of queries that ran on compute nodes: own ones only, all for superusers; keys and passwords are masked where they are written down.
-- Gives: stl_query, stl_querytext, svl_qlog, sys_query_history, sys_query_text; below, sys_transaction_history and stl_undone.

CREATE OR REPLACE VIEW rs_catalog.stl_query AS
SELECT userid, query::integer AS query, label::character(320) AS label, xid, pid, database_name::character(32) AS database,
    rs_internal.cut_bytes(querytxt, 0, 4000)::character(4000) AS querytxt, starttime, endtime, (error IS NOT NULL)::integer AS aborted, 0 AS insert_pristine,
    0 AS concurrency_scaling_status
FROM rs_internal.queries
WHERE rs_internal.provisioned('stl_query') AND rs_internal.own(userid);

CREATE OR REPLACE VIEW rs_catalog.stl_querytext AS
SELECT q.userid, q.xid, q.pid, q.query::integer AS query, s.sequence, rs_internal.cut_bytes(q.querytxt, s.sequence, 200)::character(200) AS text
FROM rs_internal.queries AS q
CROSS JOIN LATERAL generate_series(0, greatest(char_length(q.querytxt) - 1, 0) / 200) AS s (sequence)
WHERE rs_internal.provisioned('stl_querytext') AND rs_internal.own(q.userid);

CREATE OR REPLACE VIEW rs_catalog.svl_qlog AS
SELECT userid, query::integer AS query, xid, pid, starttime, endtime, (extract(epoch FROM endtime - starttime) * 1000000)::bigint AS elapsed,
    (error IS NOT NULL)::integer AS aborted, label::character(320) AS label, rs_internal.cut_bytes(querytxt, 0, 60)::character(60) AS substring,
    NULL::integer AS source_query, 'Ran on the main cluster'::text AS concurrency_scaling_status_txt, 0 AS from_sp_call
FROM rs_internal.queries
WHERE rs_internal.provisioned('svl_qlog') AND rs_internal.own(userid);

CREATE OR REPLACE VIEW rs_catalog.sys_query_history AS
SELECT userid AS user_id, query AS query_id, label::character(320) AS query_label, xid AS transaction_id, pid AS session_id,
    database_name::character(128) AS database_name, kind::character(32) AS query_type, (CASE WHEN error IS NULL THEN 'success' ELSE 'failed' END)::character(10) AS status,
    false AS result_cache_hit, starttime AS start_time, endtime AS end_time, (extract(epoch FROM endtime - starttime) * 1000000)::bigint AS elapsed_time,
    0::bigint AS queue_time, (extract(epoch FROM endtime - starttime) * 1000000)::bigint AS execution_time, coalesce(error, '')::character(512) AS error_message,
    row_count AS returned_rows, 0::bigint AS returned_bytes, rs_internal.cut_bytes(querytxt, 0, 4000)::character(4000) AS query_text,
    'Redshift 1.0.71629'::character(256) AS redshift_version
FROM rs_internal.queries
WHERE rs_internal.own(userid);

CREATE OR REPLACE VIEW rs_catalog.sys_query_text AS
SELECT q.userid AS user_id, q.query AS query_id, q.xid AS transaction_id, q.pid AS session_id, q.starttime AS start_time, s.sequence,
    rs_internal.cut_bytes(q.querytxt, s.sequence, 4000)::character(4000) AS text
FROM rs_internal.queries AS q
CROSS JOIN LATERAL generate_series(0, greatest(char_length(q.querytxt) - 1, 0) / 4000) AS s (sequence)
WHERE rs_internal.own(q.userid);

-- How transactions that loaded or queried ended: https://docs.aws.amazon.com/redshift/latest/dg/SYS_TRANSACTION_HISTORY.html, r_STL_UNDONE.html.
-- The ids are PostgreSQL's own, which knows what became of them. A transaction that is running has no row.
-- Gives: sys_transaction_history, stl_undone.

CREATE OR REPLACE VIEW rs_internal.ended_transactions AS
SELECT t.user_id, t.xid, t.started, t.ended, t.visible_at, txid_status(t.xid) AS status
FROM (
    SELECT user_id, transaction_id AS xid, min(start_time) AS started, max(end_time) AS ended, max(visible_at) AS visible_at
    FROM rs_internal.loads
    GROUP BY 1, 2
    UNION ALL
    SELECT userid, q.xid, min(starttime), max(endtime), max(endtime) AT TIME ZONE 'UTC'
    FROM rs_internal.queries AS q
    WHERE lower(kind) IN ('insert', 'update', 'delete') AND NOT EXISTS (SELECT FROM rs_internal.loads AS l WHERE l.transaction_id = q.xid)
    GROUP BY 1, 2) AS t
WHERE t.xid > 0 AND t.xid < txid_snapshot_xmax(txid_current_snapshot());

CREATE OR REPLACE VIEW rs_catalog.sys_transaction_history AS
SELECT user_id, xid AS transaction_id, 'Serializable'::text AS isolation_level, CASE status WHEN 'committed' THEN 'committed' ELSE 'rolledback' END::text AS status,
    started AS transaction_start_time, ended AS commit_start_time, ended AS commit_end_time, 0::bigint AS blocks_committed,
    CASE status WHEN 'committed' THEN -1 ELSE xid END AS undo_transaction_id
FROM rs_internal.ended_transactions
WHERE rs_internal.superuser_only('sys_transaction_history') AND status IN ('committed', 'aborted') AND visible_at <= clock_timestamp();

CREATE OR REPLACE VIEW rs_catalog.stl_undone AS
SELECT user_id AS userid, xid AS xact_id, xid AS xact_id_undone, ended AS undo_start_ts, ended AS undo_end_ts, NULL::bigint AS table_id
FROM rs_internal.ended_transactions
WHERE rs_internal.provisioned('stl_undone') AND rs_internal.own(user_id) AND status = 'aborted' AND visible_at <= clock_timestamp();
