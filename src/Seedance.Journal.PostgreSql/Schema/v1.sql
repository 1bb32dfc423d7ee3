-- The journal's tables and the functions that runners call. Run as the owner, in one transaction, on an empty database
-- or schema. Runners execute the functions and read no table. A function carries the version that its callers know it by;
-- what a later version needs differently gets a name of its own, so that older runners go on meanwhile.

create schema seedance;

create table seedance.meta (
  is_only boolean primary key default true check (is_only),
  version integer not null,
  oldest_client integer not null,
  installed_at timestamptz not null default clock_timestamp());

-- Keys (as fingerprints) and addresses that accounts are used with.
create table seedance.account_key (
  position bigint generated always as identity primary key,
  account text not null,
  record json not null);

create table seedance.run (
  position bigint generated always as identity primary key,
  run_id text not null unique,
  account text not null,
  run_name text,
  record json not null,
  started_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz not null,
  run_end json,
  ended_at timestamptz);
create index run_account on seedance.run (account, position);

-- A request, with what came of it and how its task ended. Records are lines of the journal's file format.
create table seedance.intent (
  position bigint generated always as identity primary key,
  intent_id text not null unique,
  account text not null,
  run_id text,
  group_name text,
  group_id text,
  is_real_person boolean not null,
  is_implied boolean not null,
  row_count integer not null,
  record json not null,
  sent_at timestamptz not null default clock_timestamp(),
  state text,
  task_id text,
  outcome json,
  outcome_at timestamptz,
  settled_by uuid,
  final json);

-- Task ids are not unique: sandboxes repeat them.
create index intent_task on seedance.intent (account, task_id, position) where task_id is not null;
create index intent_accepted on seedance.intent (account, position) where task_id is not null;
create index intent_open on seedance.intent (account, position) where state is null or state = 'Unknown';
create index intent_run on seedance.intent (run_id, position);

create table seedance.intent_row (
  hash uuid not null,
  account text not null,
  position bigint not null references seedance.intent on delete cascade,
  ordinal integer not null,
  previous bigint,
  previous_ordinal integer,
  is_superseded boolean not null default false,
  primary key (hash, account, position, ordinal));
create index intent_row_position on seedance.intent_row (position, ordinal);

-- What claims of a row lock, in whichever group: it stays for ever.
create table seedance.place (
  hash uuid not null,
  account text not null,
  claims bigint not null default 1,
  primary key (hash, account));

create table seedance.group_alias (
  account text not null,
  group_id text not null,
  name text not null,
  primary key (account, group_id, name));

create table seedance.asset_change (
  account text not null,
  asset_id text not null,
  status text,
  name text,
  primary key (account, asset_id));

create table seedance.group_change (
  account text not null,
  group_id text not null,
  status text,
  primary key (account, group_id));

create table seedance.upload (
  account text not null,
  content_hash text not null,
  record json not null,
  primary key (account, content_hash));

create function seedance.schema_version(out version integer, out oldest_client integer)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.version, m.oldest_client from seedance.meta m
$$;

-- Within the transaction, and not by a setting of the function, which would end before the commit. What is stronger stays.
create function seedance.require_durable()
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'SD002', message = 'the transaction is not read committed';
  end if;

  if current_setting('synchronous_commit') in ('off', 'local') then
    perform set_config('synchronous_commit', 'on', true);
  end if;
end
$$;

create function seedance.is_named(p_account text, p_name text, p_id text, p_real boolean, p_other_name text, p_other_real boolean)
returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select p_other_name is not null and not p_other_real and (
    (not p_real and p_name is not distinct from p_other_name)
    or exists (select from seedance.group_alias a where a.account = p_account and a.group_id = p_id and a.name = p_other_name))
$$;

-- The rule of the client's GroupAliases, which its tests hold this one to.
create function seedance.is_same_group(
  p_account text, n1 text, i1 text, r1 boolean, m1 boolean, n2 text, i2 text, r2 boolean, m2 boolean)
returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select case
    when (n1 is null and i1 is null and not r1) or (n2 is null and i2 is null and not r2)
      then n1 is null and i1 is null and not r1 and n2 is null and i2 is null and not r2
    when m1 and m2 then true
    when i1 is not null and i2 is not null then i1 = i2
    else seedance.is_named(p_account, n1, i1, r1, n2, r2) or seedance.is_named(p_account, n2, i2, r2, n1, r1)
  end
$$;

create function seedance.learn_group(p_position bigint, p_group_id text)
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if p_group_id is not null then
    update seedance.intent set group_id = p_group_id where position = p_position and group_id is null;
  end if;

  insert into seedance.group_alias (account, group_id, name)
  select i.account, i.group_id, i.group_name from seedance.intent i
  where i.position = p_position and i.group_id is not null and i.group_name is not null and not i.is_real_person
  on conflict do nothing;
end
$$;

-- Whatever the rows of an accepted request went out with before is superseded by it.
create function seedance.supersede(p_position bigint)
returns void language sql set search_path = pg_catalog, pg_temp as $$
  with recursive earlier (position, ordinal) as (
    select r.previous, r.previous_ordinal from seedance.intent_row r where r.position = p_position and r.previous is not null
    union
    select r.previous, r.previous_ordinal from earlier e
    join seedance.intent_row r on r.position = e.position and r.ordinal = e.ordinal where r.previous is not null)
  update seedance.intent_row r set is_superseded = true
  from earlier e where r.position = e.position and r.ordinal = e.ordinal and not r.is_superseded
$$;

create function seedance.read_accounts_v1(out "position" bigint, out record text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select k.position, k.record::text from seedance.account_key k order by k.position
$$;

-- Returns false, and records nothing, if another has been recorded since the caller read them.
create function seedance.introduce_account_v1(p_account text, p_record text, p_seen bigint)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform seedance.require_durable();
  perform pg_advisory_xact_lock(hashtextextended('seedance accounts', 0));
  if exists (select from seedance.account_key where position > p_seen) then
    return false;
  end if;

  insert into seedance.account_key (account, record) values (p_account, p_record::json);
  return true;
end
$$;

create function seedance.begin_run_v1(p_account text, p_run_id text, p_run_name text, p_record text, p_lease interval)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform seedance.require_durable();
  insert into seedance.run (run_id, account, run_name, record, lease_until)
  values (p_run_id, p_account, p_run_name, p_record::json, clock_timestamp() + p_lease)
  on conflict (run_id) do nothing;
end
$$;

-- A lease that has lapsed stays so: others may have gone on from what the run has left.
create function seedance.renew_run_v1(p_run_id text, p_lease interval)
returns boolean language sql security definer set search_path = pg_catalog, pg_temp as $$
  with renewed as (
    update seedance.run set lease_until = clock_timestamp() + p_lease
    where run_id = p_run_id and lease_until > clock_timestamp() returning 1)
  select exists (select from renewed)
$$;

create function seedance.release_run_v1(p_run_id text)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  update seedance.run set lease_until = clock_timestamp() where run_id = p_run_id and lease_until > clock_timestamp()
$$;

create function seedance.end_run_v1(p_run_id text, p_record text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform seedance.require_durable();
  update seedance.run set run_end = p_record::json, ended_at = clock_timestamp() where run_id = p_run_id;
end
$$;

-- Claims are held off for a moment, so that none is under way that has taken its position and is not seen yet.
create function seedance.get_position_v1(p_account text)
returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_position bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('seedance position ' || p_account, 0));
  select case when s.is_called then s.last_value + 1 else s.last_value end into v_position from seedance.intent_position_seq s;
  return v_position;
end
$$;

-- Claims rows and records that their request is about to leave, or returns the rows that have another last request than
-- the caller saw. An id that is there already is the caller's own claim, whose answer was lost.
create function seedance.begin_intent_v1(
  p_account text, p_intent_id text, p_run_id text, p_record text,
  p_group_name text, p_group_id text, p_is_real_person boolean, p_is_implied boolean,
  p_hashes uuid[], p_others uuid[], p_libraries uuid[], p_supersedes text[])
returns integer[] language plpgsql security definer
set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_position bigint;
  v_taken integer[];
begin
  perform seedance.require_durable();
  perform pg_advisory_xact_lock_shared(hashtextextended('seedance position ' || p_account, 0));
  insert into seedance.intent (intent_id, account, run_id, group_name, group_id, is_real_person, is_implied, row_count, record)
  values (p_intent_id, p_account, p_run_id, p_group_name, p_group_id, p_is_real_person, p_is_implied, cardinality(p_hashes), p_record::json)
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
  if p_run_id is not null and not exists (select from seedance.run r where r.run_id = p_run_id and r.lease_until > clock_timestamp()) then
    raise exception using errcode = 'SD001', message = 'the lease of the run has lapsed';
  end if;

  insert into seedance.intent_row (hash, account, position, ordinal, previous, previous_ordinal)
  select w.hash, p_account, v_position, (w.number - 1)::integer, last.position, last.ordinal
  from unnest(p_hashes, p_others, p_libraries, p_supersedes) with ordinality w(hash, other, library, supersedes, number)
  left join lateral (
    select r.position, r.ordinal, i.intent_id
    from seedance.intent_row r join seedance.intent i on i.position = r.position
    where r.account = p_account and r.hash in (w.hash, w.other, w.library)
      and seedance.is_same_group(p_account, p_group_name, p_group_id, p_is_real_person, p_is_implied, i.group_name, i.group_id, i.is_real_person, i.is_implied)
    order by r.position desc, r.ordinal limit 1) last on true
  where last.intent_id is not distinct from w.supersedes;

  select array_agg((w.number - 1)::integer order by w.number) into v_taken
  from unnest(p_hashes) with ordinality w(hash, number)
  where not exists (select from seedance.intent_row r where r.position = v_position and r.ordinal = w.number - 1);
  if v_taken is not null then
    delete from seedance.intent where position = v_position;
    return v_taken;
  end if;

  perform seedance.learn_group(v_position, null);
  return '{}';
end
$$;

create function seedance.end_intent_v1(p_account text, p_intent_id text, p_state text, p_task_id text, p_group_id text, p_record text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_position bigint;
begin
  perform seedance.require_durable();
  update seedance.intent
  set state = p_state, task_id = coalesce(p_task_id, task_id), outcome = p_record::json, outcome_at = clock_timestamp()
  where intent_id = p_intent_id and account = p_account
  returning position into v_position;
  if v_position is not null then
    perform seedance.learn_group(v_position, p_group_id);
    if p_task_id is not null then
      perform seedance.supersede(v_position);
    end if;
  end if;
end
$$;

-- Returns false, and records nothing, if the outcome is known. p_attempt tells a repetition of the same call.
create function seedance.settle_intent_v1(p_account text, p_intent_id text, p_task_id text, p_group_id text, p_record text, p_attempt uuid)
returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_settled_by uuid;
  v_state text;
begin
  perform seedance.require_durable();
  select i.settled_by, i.state into v_settled_by, v_state
  from seedance.intent i where i.intent_id = p_intent_id and i.account = p_account for update;
  if not found or (v_state is not null and v_state <> 'Unknown') then
    return coalesce(v_settled_by = p_attempt, false);
  end if;

  update seedance.intent set settled_by = p_attempt, final = p_record::json where intent_id = p_intent_id;
  perform seedance.end_intent_v1(p_account, p_intent_id, 'Accepted', p_task_id, p_group_id, p_record);
  return true;
end
$$;

create function seedance.record_final_v1(p_account text, p_task_id text, p_group_id text, p_record text)
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_position bigint;
begin
  perform seedance.require_durable();
  select max(i.position) into v_position from seedance.intent i where i.account = p_account and i.task_id = p_task_id;
  if v_position is not null then
    update seedance.intent set final = p_record::json where position = v_position;
    perform seedance.learn_group(v_position, p_group_id);
  end if;
end
$$;

create function seedance.record_changes_v1(p_account text, p_asset_ids text[], p_group_ids text[], p_statuses text[], p_names text[])
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform seedance.require_durable();
  insert into seedance.asset_change (account, asset_id, status, name)
  select p_account, c.asset_id, c.status, c.name
  from unnest(p_asset_ids, p_statuses, p_names) c(asset_id, status, name)
  where c.asset_id is not null order by c.asset_id
  on conflict (account, asset_id) do update
    set status = coalesce(excluded.status, asset_change.status), name = coalesce(excluded.name, asset_change.name);
  insert into seedance.group_change (account, group_id, status)
  select p_account, c.group_id, c.status
  from unnest(p_asset_ids, p_group_ids, p_statuses) c(asset_id, group_id, status)
  where c.asset_id is null and c.group_id is not null order by c.group_id
  on conflict (account, group_id) do update set status = excluded.status;
end
$$;

create function seedance.record_upload_v1(p_account text, p_content_hash text, p_record text)
returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  insert into seedance.upload (account, content_hash, record) values (p_account, p_content_hash, p_record::json)
  on conflict (account, content_hash) do update set record = excluded.record
$$;

create function seedance.find_upload_v1(p_account text, p_content_hash text)
returns text language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.record::text from seedance.upload u where u.account = p_account and u.content_hash = p_content_hash
$$;

-- Every request that each row went out with, newest first. What is long comes with a request's first row alone.
create function seedance.find_rows_v1(
  p_account text, p_hashes uuid[], p_others uuid[], p_libraries uuid[],
  p_group_names text[], p_group_ids text[], p_are_real_persons boolean[], p_are_implied boolean[],
  out number integer, out ordinal integer, out "position" bigint, out intent_id text, out run_id text, out is_live boolean, out state text,
  out task_id text, out row_count integer, out group_name text, out group_id text, out is_real_person boolean, out is_implied boolean,
  out outcome text, out final text)
returns setof record language sql stable security definer
set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
  with found as (
    select (k.number - 1)::integer as number, r.ordinal, r.position
    from unnest(p_hashes, p_others, p_libraries, p_group_names, p_group_ids, p_are_real_persons, p_are_implied)
      with ordinality k(hash, other, library, group_name, group_id, is_real, is_implied, number)
    cross join lateral (
      select r.ordinal, r.position
      from seedance.intent_row r join seedance.intent i on i.position = r.position
      where r.account = p_account and r.hash in (k.hash, k.other, k.library)
        and seedance.is_same_group(p_account, k.group_name, k.group_id, k.is_real, k.is_implied, i.group_name, i.group_id, i.is_real_person, i.is_implied)) r),
  counted as (select f.*, row_number() over (partition by f.position order by f.number, f.ordinal) as nth from found f)
  select f.number, f.ordinal, f.position, i.intent_id, i.run_id, coalesce(u.lease_until > clock_timestamp(), false), i.state,
    i.task_id, i.row_count, i.group_name, i.group_id, i.is_real_person, i.is_implied,
    case when f.nth = 1 then i.outcome::text end, case when f.nth = 1 then i.final::text end
  from counted f
  join seedance.intent i on i.position = f.position
  left join seedance.run u on u.run_id = i.run_id
  order by f.number, f.position desc, f.ordinal
$$;

create function seedance.find_tasks_v1(
  p_account text, p_task_ids text[],
  out number integer, out task_id text, out group_id text, out run_name text, out sent_at timestamptz, out record text, out final text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select (t.number - 1)::integer, t.task_id, i.group_id, u.run_name, i.sent_at, i.record::text, i.final::text
  from unnest(p_task_ids) with ordinality t(task_id, number)
  cross join lateral (
    select * from seedance.intent i where i.account = p_account and i.task_id = t.task_id order by i.position desc limit 1) i
  left join seedance.run u on u.run_id = i.run_id
$$;

create function seedance.read_tasks_v1(
  p_account text, p_after bigint, p_count integer, p_run_id text,
  out "position" bigint, out task_id text, out group_id text, out run_name text, out sent_at timestamptz, out record text, out final text, out superseded integer[])
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.position, i.task_id, i.group_id, u.run_name, i.sent_at, i.record::text, i.final::text,
    array(select r.ordinal from seedance.intent_row r where r.position = i.position and r.is_superseded)
  from seedance.intent i left join seedance.run u on u.run_id = i.run_id
  where i.account = p_account and i.task_id is not null and i.position > p_after and (p_run_id is null or i.run_id = p_run_id)
  order by i.position limit p_count
$$;

create function seedance.find_changes_v1(
  p_account text, p_asset_ids text[], p_group_ids text[],
  out asset_id text, out group_id text, out status text, out name text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.asset_id, null, c.status, c.name from seedance.asset_change c where c.account = p_account and c.asset_id = any (p_asset_ids)
  union all
  select null, c.group_id, c.status, null from seedance.group_change c where c.account = p_account and c.group_id = any (p_group_ids)
$$;

create function seedance.read_open_v1(
  p_account text, p_after bigint, p_count integer,
  out "position" bigint, out group_id text, out run_name text, out is_under_way boolean, out sent_at timestamptz, out record text, out outcome text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.position, i.group_id, u.run_name, i.state is null and coalesce(u.lease_until > clock_timestamp(), false), i.sent_at, i.record::text, i.outcome::text
  from seedance.intent i left join seedance.run u on u.run_id = i.run_id
  where i.account = p_account and (i.state is null or i.state = 'Unknown') and i.position > p_after
  order by i.position limit p_count
$$;

create function seedance.read_runs_v1(
  p_account text, p_after bigint, p_count integer, p_run_id text, p_run_name text,
  out "position" bigint, out run_id text, out is_live boolean, out read_at timestamptz, out started_at timestamptz, out ended_at timestamptz, out record text, out run_end text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.position, u.run_id, u.lease_until > clock_timestamp(), clock_timestamp(), u.started_at, u.ended_at, u.record::text, u.run_end::text
  from seedance.run u
  where u.account = p_account and u.position > p_after and (p_run_id is null or u.run_id = p_run_id) and (p_run_name is null or u.run_name = p_run_name)
  order by u.position limit p_count
$$;

create function seedance.read_run_requests_v1(
  p_run_ids text[],
  out run_id text, out intent_id text, out sent_at timestamptz, out state text, out outcome_at timestamptz, out record text, out final text)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.run_id, i.intent_id, i.sent_at, i.state, i.outcome_at, i.record::text, i.final::text
  from seedance.intent i where i.run_id = any (p_run_ids) order by i.position
$$;

revoke all on all functions in schema seedance from public;
insert into seedance.meta (version, oldest_client) values (1, 1);
