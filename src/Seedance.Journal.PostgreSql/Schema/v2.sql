-- Work for many runners: lists of queued requests, who takes which, who watches whose tasks, one group once, and the
-- account's rate. What version 1 calls stays as it was for its callers.

update seedance.meta set version = 2;

-- A list: requests that were queued under one name.
create table seedance.list (
  position bigint generated always as identity primary key,
  account text not null,
  list_name text not null,
  list_id text not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (account, list_name));

-- A run that works a list off. Of its calls that give it something, the last is kept: one that comes behind a later one
-- was repeated, and nobody waits for what it would give.
create table seedance.runner (
  run_id text primary key references seedance.run (run_id) on delete cascade,
  list_position bigint not null references seedance.list on delete cascade,
  is_stopping boolean not null default false,
  last_take text collate "C" not null default '',
  last_watch text collate "C" not null default '');
create index runner_list on seedance.runner (list_position);

-- What a runner needs to send a queued request, whole addresses above all. It goes with the outcome.
create table seedance.payload (
  position bigint primary key references seedance.intent on delete cascade,
  record text not null);

-- The first request of a group that has no id goes alone, wherever the others come from: two could make two of one name.
create table seedance.avatar_group (
  account text not null,
  project text not null,
  name text not null,
  group_id text,
  is_made boolean not null default false,
  leader text,
  leader_run text,
  primary key (account, project, name));
create index avatar_group_leader on seedance.avatar_group (leader) where leader is not null;

alter table seedance.intent
  add column list_position bigint references seedance.list on delete set null,
  add column take_id text,
  add column takes integer not null default 0,
  add column not_before timestamptz not null default '-infinity',
  add column watched_by text,
  add column unwatched_until timestamptz,
  add column final_at timestamptz;
create index intent_queued on seedance.intent (list_position, position) where state = 'Queued';
create index intent_list on seedance.intent (list_position, final_at, position) where list_position is not null;
create index intent_taken on seedance.intent (list_position) where state is null and list_position is not null;
create index intent_watch on seedance.intent (list_position, position) where task_id is not null and final is null and list_position is not null;
create index intent_row_previous on seedance.intent_row (previous, previous_ordinal) where previous is not null;

create function seedance.is_live(p_run_id text)
returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from seedance.run r where r.run_id = p_run_id and r.lease_until > clock_timestamp())
$$;

-- Whether a request may go: its group is made, or it is the one that makes it.
create function seedance.lead_group(p_account text, p_project text, p_name text, p_intent_id text, p_run_id text)
returns boolean language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_leads boolean;
begin
  if exists (select from seedance.avatar_group g where g.account = p_account and g.project = p_project and g.name = p_name and g.is_made) then
    return true;
  end if;

  -- The row's own words alone, which are those of its newest version whatever this statement saw when it began.
  insert into seedance.avatar_group as g (account, project, name, leader, leader_run) values (p_account, p_project, p_name, p_intent_id, p_run_id)
  on conflict (account, project, name) do update set leader = excluded.leader, leader_run = excluded.leader_run
    where not g.is_made and (g.leader is null or g.leader = excluded.leader or not seedance.is_live(g.leader_run));
  select g.is_made or g.leader = p_intent_id into v_leads
  from seedance.avatar_group g where g.account = p_account and g.project = p_project and g.name = p_name;
  return v_leads;
end
$$;

-- Claims rows for a request that is about to leave, or that is queued. Returns the rows that have another last request
-- than the caller saw, or -1 where another request is just making the group: nothing is recorded then. An id that is
-- there already is the caller's own claim, whose answer was lost.
create function seedance.claim(
  p_account text, p_intent_id text, p_run_id text, p_state text, p_list bigint, p_leads boolean, p_record text,
  p_group_name text, p_group_id text, p_is_real_person boolean, p_is_implied boolean,
  p_hashes uuid[], p_others uuid[], p_libraries uuid[], p_supersedes text[])
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
  from unnest(p_hashes, p_others, p_libraries, p_supersedes) with ordinality w(hash, other, library, supersedes, number)
  left join lateral (
    select r.position, r.ordinal, i.intent_id, i.state, i.run_id
    from seedance.intent_row r join seedance.intent i on i.position = r.position
    where r.account = p_account and r.hash in (w.hash, w.other, w.library)
      and seedance.is_same_group(p_account, p_group_name, p_group_id, p_is_real_person, p_is_implied, i.group_name, i.group_id, i.is_real_person, i.is_implied)
    order by r.position desc, r.ordinal limit 1) last on true
  where last.intent_id is not distinct from w.supersedes
    -- The same request may have gone back into the queue, and out again, since the caller saw it.
    and last.state is distinct from 'Queued' and not (last.intent_id is not null and last.state is null and seedance.is_live(last.run_id));

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

create or replace function seedance.begin_intent_v1(
  p_account text, p_intent_id text, p_run_id text, p_record text,
  p_group_name text, p_group_id text, p_is_real_person boolean, p_is_implied boolean,
  p_hashes uuid[], p_others uuid[], p_libraries uuid[], p_supersedes text[])
returns integer[] language sql security definer set search_path = pg_catalog, pg_temp as $$
  select seedance.claim(p_account, p_intent_id, p_run_id, null, null, false, p_record, p_group_name, p_group_id, p_is_real_person, p_is_implied, p_hashes, p_others, p_libraries, p_supersedes)
$$;

-- A runner's request is its list's, though nobody queued it: what a refusal did not name goes out again.
create function seedance.begin_intent_v2(
  p_account text, p_intent_id text, p_run_id text, p_record text,
  p_group_name text, p_group_id text, p_is_real_person boolean, p_is_implied boolean,
  p_hashes uuid[], p_others uuid[], p_libraries uuid[], p_supersedes text[])
returns integer[] language sql security definer set search_path = pg_catalog, pg_temp as $$
  select seedance.claim(
    p_account, p_intent_id, p_run_id, null, (select n.list_position from seedance.runner n where n.run_id = p_run_id), true,
    p_record, p_group_name, p_group_id, p_is_real_person, p_is_implied, p_hashes, p_others, p_libraries, p_supersedes)
$$;

-- Returns false, and makes nothing, if a list of that name is there, and not by this call's being repeated.
create function seedance.create_list_v2(p_account text, p_list_name text, p_list_id text, p_may_exist boolean)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform seedance.require_durable();
  insert into seedance.list (account, list_name, list_id) values (p_account, p_list_name, p_list_id) on conflict do nothing;
  return p_may_exist or exists (select from seedance.list l where l.account = p_account and l.list_name = p_list_name and l.list_id = p_list_id);
end
$$;

create function seedance.enqueue_intent_v2(
  p_account text, p_intent_id text, p_list_name text, p_record text, p_payload text,
  p_group_name text, p_group_id text, p_is_real_person boolean, p_is_implied boolean,
  p_hashes uuid[], p_others uuid[], p_libraries uuid[], p_supersedes text[])
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
    p_account, p_intent_id, null, 'Queued', v_list, false, p_record, p_group_name, p_group_id, p_is_real_person, p_is_implied, p_hashes, p_others, p_libraries, p_supersedes);
  insert into seedance.payload (position, record)
  select i.position, p_payload from seedance.intent i where i.intent_id = p_intent_id and i.state = 'Queued'
  on conflict do nothing;
  return v_taken;
end
$$;

create function seedance.begin_runner_v2(p_account text, p_list_name text, p_run_id text, p_run_name text, p_record text, p_lease interval)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_list bigint;
begin
  select l.position into v_list from seedance.list l where l.account = p_account and l.list_name = p_list_name for key share;
  if not found then
    raise exception using errcode = 'SD003', message = 'there is no such list';
  end if;

  perform seedance.begin_run_v1(p_account, p_run_id, p_run_name, p_record, p_lease);
  insert into seedance.runner (run_id, list_position) values (p_run_id, v_list) on conflict do nothing;
end
$$;

-- Groups that a request is just making. Those of the same name in another project wait as well, for as long as that takes: to read
-- the project of each queued request would cost a tenth of a second a take.
create function seedance.groups_in_making(p_account text)
returns setof text language sql stable set search_path = pg_catalog, pg_temp as $$
  select g.name from seedance.avatar_group g
  where g.account = p_account and not g.is_made and g.leader is not null and seedance.is_live(g.leader_run)
$$;

-- Whether it is worth a turn to ask for work: there is some, or word to stop.
create function seedance.has_work_v2(p_account text, p_run_id text)
returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(bool_or(n.is_stopping or exists (
    select from seedance.intent i where i.list_position = n.list_position and i.state = 'Queued' and i.not_before <= clock_timestamp()
      and (i.group_id is not null or i.group_name is null or i.is_real_person or i.group_name not in (select seedance.groups_in_making(p_account))))), true)
  from seedance.runner n where n.run_id = p_run_id
$$;

-- Takes the next request of the runner's list: from now on it is about to leave. The ids of a run's takes rise; the same one
-- gets the same request, while that is open, and never another.
create function seedance.take_intent_v2(
  p_account text, p_run_id text, p_take_id text,
  out is_stopping boolean, out intent_id text, out group_id text, out record text, out payload text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_list bigint;
  v_last_take text;
  v_next seedance.intent;
  v_project text;
begin
  perform seedance.require_durable();
  -- Takes of a run come one after another, and before or after its end.
  perform from seedance.runner n where n.run_id = p_run_id for no key update;
  select n.list_position, n.is_stopping, n.last_take into v_list, is_stopping, v_last_take
  from seedance.runner n join seedance.run u on u.run_id = n.run_id
  where n.run_id = p_run_id and u.account = p_account and u.lease_until > clock_timestamp();
  if not found then
    raise exception using errcode = 'SD001', message = 'the lease of the run has lapsed';
  end if;

  if p_take_id > v_last_take then
    update seedance.runner set last_take = p_take_id where run_id = p_run_id;
  end if;

  select i.* into v_next from seedance.intent i where i.run_id = p_run_id and i.take_id = p_take_id and i.state is null;
  for i in 1..20 loop
    exit when v_next.position is not null or is_stopping or p_take_id <= v_last_take;
    select c.* into v_next
    from seedance.intent c
    where c.list_position = v_list and c.state = 'Queued' and c.not_before <= clock_timestamp()
      and (c.group_id is not null or c.group_name is null or c.is_real_person or c.group_name not in (select seedance.groups_in_making(p_account)))
    order by c.position limit 1 for update skip locked;
    exit when not found;

    if v_next.group_id is null and v_next.group_name is not null and not v_next.is_real_person
      and not seedance.lead_group(p_account, coalesce(v_next.record ->> 'project', ''), v_next.group_name, v_next.intent_id, p_run_id) then
      v_next := null;
      continue;
    end if;

    update seedance.intent i
    set state = null, run_id = p_run_id, take_id = p_take_id, takes = i.takes + 1, sent_at = clock_timestamp(),
      record = (left(rtrim(i.record::text, E' \n'), -1) || ',"run":' || to_json(p_run_id) || '}')::json
    where i.position = v_next.position;
  end loop;

  v_project := coalesce(v_next.record ->> 'project', '');
  intent_id := v_next.intent_id;
  group_id := coalesce(v_next.group_id, (
    select g.group_id from seedance.avatar_group g where g.account = p_account and g.project = v_project and g.name = v_next.group_name and not v_next.is_real_person));
  record := v_next.record::text;
  payload := (select p.record from seedance.payload p where p.position = v_next.position);
end
$$;

-- What did not leave goes back into the queue, some times; what did is its task's, which the runner that sent it watches.
-- A call of an earlier take is a repeated one, or comes too late: another has the request by now.
create function seedance.end_intent_v2(
  p_account text, p_intent_id text, p_take_id text, p_state text, p_task_id text, p_group_id text, p_record text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_intent seedance.intent;
  v_is_queued boolean;
begin
  perform seedance.require_durable();
  select * into v_intent from seedance.intent i where i.intent_id = p_intent_id and i.account = p_account for update;
  if v_intent.position is null or (p_take_id is not null and v_intent.take_id is distinct from p_take_id) then
    return;
  end if;

  update seedance.avatar_group
  set is_made = is_made or p_state = 'Accepted', group_id = coalesce(p_group_id, avatar_group.group_id), leader = null
  where leader = p_intent_id;

  -- Found in the library meanwhile: whatever its sender saw of it, it was accepted.
  if v_intent.state = 'Accepted' and p_state <> 'Accepted' then
    return;
  end if;

  v_is_queued := p_state = 'Unsent' and p_take_id is not null and v_intent.takes <= 5
    and exists (select from seedance.payload p where p.position = v_intent.position);
  if v_is_queued then
    -- The places keep off claims: rows that have gone out with a later request are that one's.
    perform from seedance.place p
    where p.account = p_account and p.hash in (select r.hash from seedance.intent_row r where r.position = v_intent.position)
    order by p.hash for update;
    v_is_queued := not exists (select from seedance.intent_row n where n.previous = v_intent.position);
  end if;

  if v_is_queued then
    -- What was in the way, a proxy that answers in the API's place above all, is to have a minute in all to pass.
    update seedance.intent
    set state = 'Queued', run_id = null, take_id = null, not_before = clock_timestamp() + least(power(2, v_intent.takes), 30) * interval '1 second'
    where position = v_intent.position;
    return;
  end if;

  update seedance.intent i
  set state = p_state, task_id = coalesce(p_task_id, i.task_id), outcome = p_record::json, outcome_at = clock_timestamp(),
    watched_by = case when i.list_position is not null then i.run_id end
  where i.position = v_intent.position;
  delete from seedance.payload where position = v_intent.position;
  perform seedance.learn_group(v_intent.position, p_group_id);
  if p_task_id is not null then
    perform seedance.supersede(v_intent.position);
  end if;
end
$$;

-- Ends a request that was refused because of one row: that row's own request is refused, and one of the others is queued. Rows
-- that have gone out with a later request are that one's, and then nothing is queued.
create function seedance.split_intent_v2(
  p_account text, p_intent_id text, p_take_id text, p_record text,
  p_refused_id text, p_refused_hash uuid, p_refused_record text, p_refusal text, p_rest_id text, p_rest_record text, p_payload text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_intent seedance.intent;
  v_refused bigint;
  v_rest bigint;
begin
  perform seedance.require_durable();
  select * into v_intent from seedance.intent i where i.intent_id = p_intent_id and i.account = p_account for update;
  if v_intent.position is null or v_intent.take_id is distinct from p_take_id or v_intent.state is not null then
    return;
  end if;

  perform pg_advisory_xact_lock_shared(hashtextextended('seedance position ' || p_account, 0));
  perform from seedance.place p
  where p.account = p_account and p.hash in (select r.hash from seedance.intent_row r where r.position = v_intent.position)
  order by p.hash for update;
  if not exists (select from seedance.intent_row n where n.previous = v_intent.position) then
    insert into seedance.intent (intent_id, account, run_id, group_name, group_id, is_real_person, is_implied, row_count, record, state, list_position, outcome, outcome_at)
    values (p_refused_id, p_account, v_intent.run_id, v_intent.group_name, v_intent.group_id, v_intent.is_real_person, v_intent.is_implied, 1,
      p_refused_record::json, 'Refused', v_intent.list_position, p_refusal::json, clock_timestamp())
    returning position into v_refused;
    insert into seedance.intent_row (hash, account, position, ordinal, previous, previous_ordinal)
    select r.hash, r.account, v_refused, 0, r.position, r.ordinal
    from seedance.intent_row r where r.position = v_intent.position and r.hash = p_refused_hash;
    insert into seedance.intent (intent_id, account, group_name, group_id, is_real_person, is_implied, row_count, record, state, list_position)
    values (p_rest_id, p_account, v_intent.group_name, v_intent.group_id, v_intent.is_real_person, v_intent.is_implied, v_intent.row_count - 1,
      p_rest_record::json, 'Queued', v_intent.list_position)
    returning position into v_rest;
    insert into seedance.intent_row (hash, account, position, ordinal, previous, previous_ordinal)
    select r.hash, r.account, v_rest, (row_number() over (order by r.ordinal) - 1)::integer, r.position, r.ordinal
    from seedance.intent_row r where r.position = v_intent.position and r.hash <> p_refused_hash;
    insert into seedance.payload (position, record) values (v_rest, p_payload);
  end if;

  update seedance.avatar_group set leader = null where leader = p_intent_id;
  update seedance.intent set state = 'Unsent', outcome = p_record::json, outcome_at = clock_timestamp() where position = v_intent.position;
  delete from seedance.payload where position = v_intent.position;
end
$$;

create or replace function seedance.end_intent_v1(p_account text, p_intent_id text, p_state text, p_task_id text, p_group_id text, p_record text)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  select seedance.end_intent_v2(p_account, p_intent_id, null, p_state, p_task_id, p_group_id, p_record)
$$;

-- Of a runner that is gone, what it was sending is of unknown outcome, and nobody sends it again from here: its address may go.
create or replace function seedance.release_run_v1(p_run_id text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from seedance.runner n where n.run_id = p_run_id for no key update;
  update seedance.run set lease_until = clock_timestamp() where run_id = p_run_id and lease_until > clock_timestamp();
  delete from seedance.payload p using seedance.runner n, seedance.intent i
  where n.run_id = p_run_id and i.list_position = n.list_position and i.state is null and p.position = i.position and not seedance.is_live(i.run_id);
end
$$;

create or replace function seedance.record_final_v1(p_account text, p_task_id text, p_group_id text, p_record text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_position bigint;
begin
  perform seedance.require_durable();
  select max(i.position) into v_position from seedance.intent i where i.account = p_account and i.task_id = p_task_id;
  if v_position is not null then
    update seedance.intent set final = p_record::json, final_at = clock_timestamp() where position = v_position;
    perform seedance.learn_group(v_position, p_group_id);
  end if;
end
$$;

-- Gives the runner tasks of its list that nobody who is there watches. The ids of a run's calls rise; a repeated one, and p_again,
-- for when no answer came, give it all that it watches, and a repeated one gives nothing new.
create function seedance.watch_tasks_v2(
  p_account text, p_run_id text, p_call_id text, p_count integer, p_again boolean,
  out task_id text, out group_id text, out run_name text, out sent_at timestamptz, out record text, out final text)
returns setof record language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_list bigint;
  v_last text;
begin
  select n.list_position, n.last_watch into v_list, v_last from seedance.runner n where n.run_id = p_run_id for no key update;
  if p_call_id < v_last then
    return;
  end if;

  update seedance.runner set last_watch = p_call_id where run_id = p_run_id;
  return query
    with due as (
      select i.position from seedance.intent i
      where i.list_position = v_list and i.account = p_account and i.task_id is not null and i.final is null
        and (i.unwatched_until is null or i.unwatched_until < clock_timestamp())
        and case when i.watched_by = p_run_id then p_again or p_call_id = v_last
          else p_call_id > v_last and (i.watched_by is null or not seedance.is_live(i.watched_by)) end
      order by i.position limit p_count for update of i skip locked),
    taken as (update seedance.intent i set watched_by = p_run_id from due where i.position = due.position returning i.*)
    select t.task_id, t.group_id, u.run_name, t.sent_at, t.record::text, t.final::text
    from taken t left join seedance.run u on u.run_id = t.run_id order by t.position;
end
$$;

-- Nobody watches the task for a while: it did not end in the time that there was.
create function seedance.unwatch_task_v2(p_account text, p_task_id text, p_span interval)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  update seedance.intent set watched_by = null, unwatched_until = clock_timestamp() + p_span where account = p_account and task_id = p_task_id and final is null
$$;

-- The counts of a list are of rows by their last request in it, and add up.
create function seedance.read_lists_v2(
  p_account text, p_list_name text,
  out list_name text, out created_at timestamptz, out queued bigint, out under_way bigint, out accepted bigint, out unknown bigint,
  out refused bigint, out unsent bigint, out usable bigint, out failed bigint, out open_tasks bigint, out runners bigint)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.list_name, l.created_at,
    coalesce(sum(c.rows) filter (where c.state = 'Queued'), 0)::bigint,
    coalesce(sum(c.rows) filter (where c.state = 'UnderWay'), 0)::bigint,
    coalesce(sum(c.rows) filter (where c.state = 'Accepted'), 0)::bigint,
    coalesce(sum(c.rows) filter (where c.state = 'Unknown'), 0)::bigint,
    coalesce(sum(c.rows) filter (where c.state = 'Refused'), 0)::bigint,
    coalesce(sum(c.rows) filter (where c.state = 'Unsent'), 0)::bigint,
    coalesce(sum(c.usable), 0)::bigint, coalesce(sum(c.rows - c.usable) filter (where c.has_ended), 0)::bigint,
    coalesce(sum(1) filter (where c.is_open), 0)::bigint,
    (select count(*) from seedance.runner n where n.list_position = l.position and seedance.is_live(n.run_id))
  from seedance.list l
  left join lateral (
    select case when i.state is null then case when seedance.is_live(i.run_id) then 'UnderWay' else 'Unknown' end else i.state end as state,
      (select count(*) from seedance.intent_row r where r.position = i.position
        and not exists (select from seedance.intent_row n join seedance.intent later on later.position = n.position
          where n.previous = r.position and n.previous_ordinal = r.ordinal and later.list_position = l.position)) as rows,
      case when i.final is null then 0
        when i.final -> 'assets' is null then case when i.final ->> 'status' = 'Completed' then i.row_count else 0 end
        else least(i.row_count, (select count(*) from json_array_elements(i.final -> 'assets') a where (a ->> 'usable')::boolean)) end as usable,
      i.final is not null as has_ended,
      i.task_id is not null and i.final is null and (i.unwatched_until is null or i.unwatched_until < clock_timestamp()) as is_open
    from seedance.intent i where i.list_position = l.position) c on true
  where l.account = p_account and (p_list_name is null or l.list_name = p_list_name)
  group by l.position, l.list_name, l.created_at order by l.position
$$;

-- Null if there is no such list.
create function seedance.is_list_done_v2(p_account text, p_list_name text)
returns boolean language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select not exists (select from seedance.intent i where i.list_position = l.position and i.state = 'Queued')
    and not exists (select from seedance.intent i where i.list_position = l.position and i.state is null and seedance.is_live(i.run_id))
    and not exists (select from seedance.intent i where i.list_position = l.position and i.task_id is not null and i.final is null
      and (i.unwatched_until is null or i.unwatched_until < clock_timestamp()))
  from seedance.list l where l.account = p_account and l.list_name = p_list_name
$$;

create function seedance.read_list_tasks_v2(
  p_account text, p_list_name text, p_after timestamptz, p_after_position bigint, p_count integer,
  out final_at timestamptz, out "position" bigint, out task_id text, out group_id text, out run_name text, out sent_at timestamptz, out record text, out final text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.final_at, i.position, i.task_id, i.group_id, u.run_name, i.sent_at, i.record::text, i.final::text
  from seedance.list l join seedance.intent i on i.list_position = l.position
  left join seedance.run u on u.run_id = i.run_id
  where l.account = p_account and l.list_name = p_list_name and (i.final_at, i.position) > (p_after, p_after_position)
  order by i.final_at, i.position limit p_count
$$;

create function seedance.read_list_open_v2(
  p_account text, p_list_name text,
  out task_id text, out group_id text, out run_name text, out sent_at timestamptz, out record text, out final text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.task_id, i.group_id, u.run_name, i.sent_at, i.record::text, i.final::text
  from seedance.list l join seedance.intent i on i.list_position = l.position
  left join seedance.run u on u.run_id = i.run_id
  where l.account = p_account and l.list_name = p_list_name and i.task_id is not null and i.final is null
  order by i.position
$$;

create function seedance.read_runners_v2(
  p_account text,
  out run_id text, out list_name text, out started_at timestamptz, out is_stopping boolean, out requests bigint, out record text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.run_id, l.list_name, u.started_at, n.is_stopping, (select count(*) from seedance.intent i where i.run_id = n.run_id), u.record::text
  from seedance.runner n join seedance.run u on u.run_id = n.run_id join seedance.list l on l.position = n.list_position
  where u.account = p_account and u.lease_until > clock_timestamp() order by u.position
$$;

create function seedance.stop_runner_v2(p_account text, p_run_id text)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  update seedance.runner n set is_stopping = true from seedance.run u where n.run_id = p_run_id and u.run_id = n.run_id and u.account = p_account
$$;

-- What is queued is forgotten, and what left stays. While somebody works it off, nothing is removed.
create function seedance.remove_list_v2(p_account text, p_list_name text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_list bigint;
begin
  perform seedance.require_durable();
  select l.position into v_list from seedance.list l where l.account = p_account and l.list_name = p_list_name for update;
  if exists (select from seedance.runner n where n.list_position = v_list and seedance.is_live(n.run_id)) then
    raise exception using errcode = 'SD004', message = 'the list has runners';
  end if;

  delete from seedance.intent where list_position = v_list and state = 'Queued';
  delete from seedance.payload p using seedance.intent i where i.position = p.position and i.list_position = v_list;
  delete from seedance.list where position = v_list;
end
$$;

-- The rate of an account and its pause after a 429, as one row. All times are by the clock of the database.
create table seedance.account_rate (
  account text primary key,
  per_second integer not null default 0,
  per_second_at timestamptz not null default '-infinity',
  next_turn timestamptz not null default '-infinity',
  paused_until timestamptz not null default '-infinity');

-- Gives the caller the account's next turns, as many of p_count as begin within half a second: whoever holds turns and
-- does not ask knows of no pause, and what is not used is lost to all. If there are none, tells how long until it is
-- worth asking again: when half of that time has become free, so that there are several to be had at once.
-- Where callers differ in the rate, the highest of the last ten seconds spaces the turns. Each keeps to its own besides, so
-- that one with a lower rate slows itself only; turns that it spaced by its own rate would be lost to the others.
create function seedance.lease_turns_v2(
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

  -- Rounded up: a microsecond too little would make one turn too many in ten seconds.
  spacing := make_interval(secs => ceil(1000000.0 / v_rate.per_second) / 1000000);
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

create function seedance.pause_account_v2(p_account text, p_pause interval)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into seedance.account_rate as r (account, paused_until) values (p_account, clock_timestamp() + p_pause)
  on conflict (account) do update set paused_until = greatest(r.paused_until, excluded.paused_until)
$$;

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
