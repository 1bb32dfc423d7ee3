-- What is sent again because its outcome is not known, does not go out once that is known. Pages that stay within an account,
-- and turns of which no ten seconds see too many.

update seedance.meta set version = 4;

-- Claims rows for a request that is about to leave, or that is queued. Returns the rows of which something else is recorded
-- than the caller saw, or -1 where another request is just making the group: nothing is recorded then. An id that is
-- there already is the caller's own claim, whose answer was lost.
create function seedance.claim(
  p_account text, p_intent_id text, p_run_id text, p_state text, p_list bigint, p_leads boolean, p_record text,
  p_group_name text, p_group_id text, p_is_real_person boolean, p_is_implied boolean,
  p_hashes uuid[], p_others uuid[], p_libraries uuid[], p_supersedes text[], p_were_unknown boolean[])
returns integer[] language plpgsql
set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_position bigint;
  v_taken integer[];
begin
  perform seedance.require_durable();
  if p_leads and p_group_id is null and p_group_name is not null and not p_is_real_person
    and not seedance.lead_group(p_account, coalesce(p_record::json ->> 'project', ''), p_group_name, p_intent_id, p_run_id) then
    return '{-1}';
  end if;

  perform pg_advisory_xact_lock_shared(hashtextextended('seedance position ' || p_account, 0));
  insert into seedance.intent (intent_id, account, run_id, group_name, group_id, is_real_person, is_implied, row_count, record, state, list_position)
  values (p_intent_id, p_account, p_run_id, p_group_name, p_group_id, p_is_real_person, p_is_implied, cardinality(p_hashes), p_record::json, p_state, p_list)
  on conflict (intent_id) do nothing
  returning position into v_position;
  if v_position is null then
    return '{}';
  end if;

  -- Locked until the end: from here to there no other claim is decided for any of these rows. In one order, so that none waits for another in a circle.
  insert into seedance.place (hash, account)
  select h.hash, p_account
  from (select distinct u.hash from unnest(p_hashes || p_others || p_libraries) u(hash) where u.hash is not null) h
  order by h.hash
  on conflict (hash, account) do update set claims = place.claims + 1;

  -- After the wait for the places, which may have been longer than the lease.
  if p_run_id is not null and not seedance.is_live(p_run_id) then
    raise exception using errcode = 'SD001', message = 'the lease of the run has lapsed';
  end if;

  insert into seedance.intent_row (hash, account, position, ordinal, previous, previous_ordinal)
  select w.hash, p_account, v_position, (w.number - 1)::integer, last.position, last.ordinal
  from unnest(p_hashes, p_others, p_libraries, p_supersedes, p_were_unknown) with ordinality w(hash, other, library, supersedes, was_unknown, number)
  left join lateral (
    select r.position, r.ordinal, i.intent_id, i.state, i.run_id
    from seedance.intent_row r join seedance.intent i on i.position = r.position
    where r.account = p_account and r.hash in (w.hash, w.other, w.library)
      and seedance.is_same_group(p_account, p_group_name, p_group_id, p_is_real_person, p_is_implied, i.group_name, i.group_id, i.is_real_person, i.is_implied)
    order by r.position desc, r.ordinal limit 1) last on true
  where last.intent_id is not distinct from w.supersedes
    -- The same request may have gone back into the queue, and out again, since the caller saw it.
    and last.state is distinct from 'Queued' and not (last.intent_id is not null and last.state is null and seedance.is_live(last.run_id))
    -- By the last request that may have had an effect.
    and case when w.was_unknown then (
      select i.state is null or i.state = 'Unknown'
      from seedance.intent_row r join seedance.intent i on i.position = r.position
      where r.account = p_account and r.hash in (w.hash, w.other, w.library) and (i.state is null or i.state not in ('Refused', 'Unsent'))
        and seedance.is_same_group(p_account, p_group_name, p_group_id, p_is_real_person, p_is_implied, i.group_name, i.group_id, i.is_real_person, i.is_implied)
      order by r.position desc limit 1) else true end;

  select array_agg((w.number - 1)::integer order by w.number) into v_taken
  from unnest(p_hashes) with ordinality w(hash, number)
  where not exists (select from seedance.intent_row r where r.position = v_position and r.ordinal = w.number - 1);
  if v_taken is not null then
    delete from seedance.intent where position = v_position;
    update seedance.avatar_group set leader = null where leader = p_intent_id;
    return v_taken;
  end if;

  perform seedance.learn_group(v_position, null);
  return '{}';
end
$$;

-- As callers of before claim: they do not say which rows they saw as unknown.
create or replace function seedance.claim(
  p_account text, p_intent_id text, p_run_id text, p_state text, p_list bigint, p_leads boolean, p_record text,
  p_group_name text, p_group_id text, p_is_real_person boolean, p_is_implied boolean,
  p_hashes uuid[], p_others uuid[], p_libraries uuid[], p_supersedes text[])
returns integer[] language sql set search_path = pg_catalog, pg_temp as $$
  select seedance.claim(
    p_account, p_intent_id, p_run_id, p_state, p_list, p_leads, p_record, p_group_name, p_group_id, p_is_real_person, p_is_implied,
    p_hashes, p_others, p_libraries, p_supersedes, null)
$$;

-- A runner's request is its list's, though nobody queued it: what a refusal did not name goes out again.
create function seedance.begin_intent_v4(
  p_account text, p_intent_id text, p_run_id text, p_record text,
  p_group_name text, p_group_id text, p_is_real_person boolean, p_is_implied boolean,
  p_hashes uuid[], p_others uuid[], p_libraries uuid[], p_supersedes text[], p_were_unknown boolean[])
returns integer[] language sql security definer set search_path = pg_catalog, pg_temp as $$
  select seedance.claim(
    p_account, p_intent_id, p_run_id, null, (select n.list_position from seedance.runner n where n.run_id = p_run_id), true,
    p_record, p_group_name, p_group_id, p_is_real_person, p_is_implied, p_hashes, p_others, p_libraries, p_supersedes, p_were_unknown)
$$;

create function seedance.enqueue_intent_v4(
  p_account text, p_intent_id text, p_list_name text, p_record text, p_payload text,
  p_group_name text, p_group_id text, p_is_real_person boolean, p_is_implied boolean,
  p_hashes uuid[], p_others uuid[], p_libraries uuid[], p_supersedes text[], p_were_unknown boolean[])
returns integer[] language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_list bigint;
  v_taken integer[];
begin
  select l.position into v_list from seedance.list l where l.account = p_account and l.list_name = p_list_name for key share;
  if not found then
    raise exception using errcode = 'SD003', message = 'there is no such list';
  end if;

  v_taken := seedance.claim(
    p_account, p_intent_id, null, 'Queued', v_list, false, p_record, p_group_name, p_group_id, p_is_real_person, p_is_implied, p_hashes, p_others, p_libraries, p_supersedes, p_were_unknown);
  insert into seedance.payload (position, record)
  select i.position, p_payload from seedance.intent i where i.intent_id = p_intent_id and i.state = 'Queued'
  on conflict do nothing;
  return v_taken;
end
$$;

-- Rows of an accepted request that are queued to go out again do not, whoever records that it was accepted: whatever request
-- they are queued in ends as unsent, and its other rows with it.
create function seedance.unqueue_repeats()
returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_later bigint;
begin
  for v_later in
    with recursive later (position, ordinal) as (
      select r.position, r.ordinal from seedance.intent_row r where r.previous = new.position
      union
      select r.position, r.ordinal from later l join seedance.intent_row r on r.previous = l.position and r.previous_ordinal = l.ordinal)
    select distinct l.position from later l order by l.position
  loop
    update seedance.intent i
    set state = 'Unsent', outcome_at = clock_timestamp(), outcome = json_build_object(
      'type', 'Outcome', 'intent', i.intent_id, 'at', to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'state', 'Unsent',
      'message', 'A row of it was accepted after all, with an earlier request.')
    where i.position = v_later and i.state = 'Queued';
    if found then
      delete from seedance.payload where position = v_later;
    end if;
  end loop;

  return null;
end
$$;

create trigger unqueue_repeats after update of state on seedance.intent for each row
when (new.state = 'Accepted' and old.state is distinct from 'Accepted') execute function seedance.unqueue_repeats();

-- A turn may be used late by as much as its claim takes, half a second, and a tenth before that: what was held up before any
-- ten seconds may fall into them. So turns are that much further apart than the rate asks for, rounded up.
create or replace function seedance.lease_turns_v2(
  p_account text, p_per_second integer, p_count integer,
  out wait interval, out granted integer, out spacing interval, out pause interval)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  c_ahead constant interval := '0.5 seconds';
  v_rate seedance.account_rate;
  v_now timestamptz;
  v_first timestamptz;
begin
  -- The one thing that need not outlive a crash: turns are over before the server is back.
  perform set_config('synchronous_commit', 'off', true);
  insert into seedance.account_rate (account) values (p_account) on conflict (account) do nothing;
  select * into v_rate from seedance.account_rate r where r.account = p_account for update;

  -- After the wait for the row. A clock that was set back leaves times that are further off than any of these can be.
  v_now := clock_timestamp();
  v_first := greatest(v_now, least(v_rate.next_turn, v_now + c_ahead + interval '1 second'));
  pause := greatest(v_now, least(v_rate.paused_until, v_now + interval '1 minute')) - v_now;
  if p_per_second >= v_rate.per_second or v_rate.per_second_at not between v_now - interval '10 seconds' and v_now then
    v_rate.per_second := p_per_second;
    v_rate.per_second_at := v_now;
  end if;

  spacing := make_interval(secs => ceil(1060000.0 / v_rate.per_second) / 1000000);
  if pause > interval '0' then
    granted := 0;
    wait := pause;
  elsif v_first > v_now + c_ahead then
    granted := 0;
    wait := v_first - v_now - c_ahead / 2;
  else
    granted := least(p_count, 1 + floor(extract(epoch from v_now + c_ahead - v_first) / extract(epoch from spacing))::integer);
    wait := v_first - v_now;
    v_rate.next_turn := v_first + granted * spacing;
  end if;

  update seedance.account_rate r
  set per_second = v_rate.per_second, per_second_at = v_rate.per_second_at, next_turn = v_rate.next_turn
  where r.account = p_account;
end
$$;

-- Pages of an account's requests compare accounts so that the order needs theirs, too: by the order of positions alone a
-- planner would walk through the requests of everybody for those of an account that has few.
create or replace function seedance.read_tasks_v1(
  p_account text, p_after bigint, p_count integer, p_run_id text,
  out "position" bigint, out task_id text, out group_id text, out run_name text, out sent_at timestamptz, out record text, out final text, out superseded integer[])
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.position, i.task_id, i.group_id, u.run_name, i.sent_at, i.record::text, i.final::text,
    array(select r.ordinal from seedance.intent_row r where r.position = i.position and r.is_superseded)
  from seedance.intent i left join seedance.run u on u.run_id = i.run_id
  where i.account between p_account and p_account and i.task_id is not null and i.position > p_after and (p_run_id is null or i.run_id = p_run_id)
  order by i.account, i.position limit p_count
$$;

create or replace function seedance.read_open_v1(
  p_account text, p_after bigint, p_count integer,
  out "position" bigint, out group_id text, out run_name text, out is_under_way boolean, out sent_at timestamptz, out record text, out outcome text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.position, i.group_id, u.run_name, i.state is null and coalesce(u.lease_until > clock_timestamp(), false), i.sent_at, i.record::text, i.outcome::text
  from seedance.intent i left join seedance.run u on u.run_id = i.run_id
  where i.account between p_account and p_account and (i.state is null or i.state = 'Unknown') and i.position > p_after
  order by i.account, i.position limit p_count
$$;

create or replace function seedance.read_without_task_v2(
  p_account text, p_after bigint, p_count integer, p_run_id text,
  out "position" bigint, out group_id text, out record text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.position, i.group_id, i.record::text
  from seedance.intent i
  where i.account = p_account and i.run_id between p_run_id and p_run_id and i.state is distinct from 'Accepted' and i.position > p_after
  order by i.run_id, i.position limit p_count
$$;

-- These go through indexes, too. And no plan of those that do is compiled: where a planner believes a few rows to be many,
-- that takes longer than all the rest.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_proc p
    where p.pronamespace = 'seedance'::regnamespace and (
      p.proname in ('claim', 'unqueue_repeats', 'read_open_v1', 'read_tasks_v1', 'read_without_task_v2') or 'enable_seqscan=off' = any (p.proconfig))
  loop
    execute format('alter function %s set enable_seqscan = off', v_function);
    execute format('alter function %s set enable_hashjoin = off', v_function);
    execute format('alter function %s set enable_mergejoin = off', v_function);
    execute format('alter function %s set jit = off', v_function);
  end loop;
end
$$;

revoke all on all functions in schema seedance from public;
