-- Work for many runners: lists of queued requests, who takes which, who watches whose tasks, one group once, and the
-- account's rate. What version 1 calls stays as it was for its callers.

update seedance.meta set version = 2;

-- What a run sent and nobody accepted, as far as is known.
create function seedance.read_without_task_v2(
  p_account text, p_after bigint, p_count integer, p_run_id text,
  out "position" bigint, out group_id text, out record text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.position, i.group_id, i.record::text
  from seedance.intent i
  where i.account = p_account and i.run_id = p_run_id and i.state is distinct from 'Accepted' and i.position > p_after
  order by i.position limit p_count
$$;

revoke all on all functions in schema seedance from public;
