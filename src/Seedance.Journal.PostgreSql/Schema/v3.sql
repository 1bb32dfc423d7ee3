-- A journal stops where its server is another than before, until its owner confirms that: a promoted standby or a copy that
-- was brought back may lack what was acknowledged last, and its rows would be sent twice.

-- Where it was made, or was confirmed to go on; null in a journal that was never at a server it could ask.
alter table seedance.meta
  add column system_identifier bigint,
  add column timeline text;

-- The server as it is: what initdb gave it, and what every promotion and every recovery to a point in time raises. Each is
-- null where the server keeps it from the owner of the journal, as a managed one may.
create function seedance.server(out system_identifier bigint, out timeline text)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  begin
    select s.system_identifier into system_identifier from pg_control_system() s;
  exception when insufficient_privilege or undefined_function or feature_not_supported then
    system_identifier := null;
  end;

  begin
    timeline := case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_lsn()), 8) end;
  exception when insufficient_privilege or undefined_function or feature_not_supported then
    timeline := null;
  end;
end
$$;

create function seedance.read_server_v3(out expected_identifier text, out expected_timeline text, out system_identifier text, out timeline text)
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select m.system_identifier::text, m.timeline, s.system_identifier::text, s.timeline from seedance.meta m, seedance.server() s
$$;

-- What a run does before anything leaves goes through here, whatever the version of its client: a failover may come
-- between any two statements, and on one connection too. Outcomes of what has left are taken in at any server. What was
-- never known is not compared; a server that keeps to itself what was known is another until that is confirmed.
create function seedance.require_same_server()
returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_meta seedance.meta;
  v_identifier bigint;
  v_timeline text;
begin
  select * into v_meta from seedance.meta;
  select s.system_identifier, s.timeline into v_identifier, v_timeline from seedance.server() s;
  if v_meta.system_identifier is not null and v_meta.system_identifier is distinct from v_identifier then
    raise exception using errcode = 'SD006', message = format('system identifier %s, and before %s', coalesce(v_identifier::text, 'not told'), v_meta.system_identifier);
  elsif v_meta.timeline is not null and v_meta.timeline is distinct from v_timeline then
    raise exception using errcode = 'SD005', message = format('timeline %s, and before %s', coalesce(v_timeline, 'not told'), v_meta.timeline);
  end if;

  return null;
end
$$;

create trigger same_server before insert on seedance.run for each statement execute function seedance.require_same_server();
create trigger same_server before insert on seedance.intent for each statement execute function seedance.require_same_server();
create trigger same_server_taken before update of takes on seedance.intent for each statement execute function seedance.require_same_server();

update seedance.meta set version = 3;
update seedance.meta m set (system_identifier, timeline) = (select s.system_identifier, s.timeline from seedance.server() s);

-- When something changed, so that of two journals' words the later one counts.
alter table seedance.asset_change add column changed_at timestamptz not null default clock_timestamp();
alter table seedance.group_change add column changed_at timestamptz not null default clock_timestamp();

-- Records go out in the order in which they came about, as a journal file has them: a request before its outcome, an outcome
-- before the end of its task, and requests of an account in theirs. What is queued goes out as a request of unknown outcome,
-- since it may leave at any time.
create function seedance.dump(p_account text, out record text, out is_live boolean)
returns setof record language sql stable set search_path = pg_catalog, pg_temp as $$
  with sent as (
    select i.*, max(i.sent_at) over (partition by i.account order by i.position) as at
    from seedance.intent i where p_account is null or i.account = p_account)
  select x.record, x.is_live
  from (
    select k.record::text as record, false as is_live, '-infinity'::timestamptz as at, k.position, 0 as kind
    from seedance.account_key k where p_account is null or k.account = p_account
    union all
    select u.record::text, u.lease_until > clock_timestamp(), u.started_at, u.position, 1
    from seedance.run u where p_account is null or u.account = p_account
    union all
    select s.record::text, false, s.at, s.position, 2 from sent s
    union all
    select s.outcome::text, false, greatest(s.at, s.outcome_at), s.position, 3 from sent s where s.outcome is not null
    union all
    select s.final::text, false, greatest(s.at, s.outcome_at, s.final_at), s.position, 4
    from sent s where s.final is not null and s.final::text is distinct from s.outcome::text
    union all
    select u.run_end::text, false, greatest(u.started_at, u.ended_at), u.position, 5
    from seedance.run u where u.run_end is not null and (p_account is null or u.account = p_account)
    union all
    select l.record::text, false, (l.record ->> 'at')::timestamptz, 0, 6
    from seedance.upload l where p_account is null or l.account = p_account) x
  order by x.at, x.position, x.kind
$$;

create function seedance.dump_changes(p_account text, out account text, out asset_id text, out group_id text, out status text, out name text, out changed_at timestamptz)
returns setof record language sql stable set search_path = pg_catalog, pg_temp as $$
  select * from (
    select c.account, c.asset_id, null::text as group_id, c.status, c.name, c.changed_at from seedance.asset_change c
    union all
    select c.account, null, c.group_id, c.status, null, c.changed_at from seedance.group_change c) c
  where p_account is null or c.account = p_account
  order by c.changed_at, c.account, c.group_id, c.asset_id
$$;

-- A runner's are the records of one account, as all that it reads.
create function seedance.export_v3(p_account text, out record text, out is_live boolean)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select * from seedance.dump(coalesce(p_account, ''))
$$;

create function seedance.export_changes_v3(p_account text, out account text, out asset_id text, out group_id text, out status text, out name text, out changed_at timestamptz)
returns setof record language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select * from seedance.dump_changes(coalesce(p_account, ''))
$$;

create or replace function seedance.record_changes_v1(p_account text, p_asset_ids text[], p_group_ids text[], p_statuses text[], p_names text[])
returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform seedance.require_durable();
  insert into seedance.asset_change (account, asset_id, status, name, changed_at)
  select p_account, c.asset_id, c.status, c.name, now()
  from unnest(p_asset_ids, p_statuses, p_names) c(asset_id, status, name)
  where c.asset_id is not null order by c.asset_id
  on conflict (account, asset_id) do update
    set status = coalesce(excluded.status, asset_change.status), name = coalesce(excluded.name, asset_change.name), changed_at = excluded.changed_at;
  insert into seedance.group_change (account, group_id, status, changed_at)
  select p_account, c.group_id, c.status, now()
  from unnest(p_asset_ids, p_group_ids, p_statuses) c(asset_id, group_id, status)
  where c.asset_id is null and c.group_id is not null order by c.group_id
  on conflict (account, group_id) do update set status = excluded.status, changed_at = excluded.changed_at;
end
$$;

-- Requests that were cleared of names, addresses and results.
alter table seedance.intent add column is_cleared boolean not null default false;

-- What is taken in gets its place in time: what comes after it gets new positions, in the same order.
alter table seedance.intent alter column position set generated by default;
alter table seedance.run alter column position set generated by default;
alter table seedance.intent_row drop constraint intent_row_position_fkey,
  add constraint intent_row_position_fkey foreign key (position) references seedance.intent on delete cascade on update cascade;
alter table seedance.payload drop constraint payload_position_fkey,
  add constraint payload_position_fkey foreign key (position) references seedance.intent on delete cascade on update cascade;

-- Brings an owner's journal to what the lines of two have become: temporary tables that hold them whole, in their order.
create function seedance.restore()
returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_first record;
  v_position bigint;
begin
  perform seedance.require_durable();
  create temp table merged on commit drop as
    select i.n, i.intent as intent_id, i.account, i.run as run_id, i.group_name, coalesce(i.group_id, o.group_id) as group_id,
      i.is_real_person, i.is_implied, i.is_cleared, i.row_count, i.record, i.at, o.state, o.task as task_id, o.record as outcome, o.at as outcome_at, o.n as outcome_n,
      null::text as final, null::timestamptz as final_at, x.position is null as is_new, x.position as old_position, x.position
    from pg_temp.line i
    left join (select distinct on (l.intent) l.* from pg_temp.line l where l.type in ('Outcome', 'Settled') order by l.intent, l.n desc) o on o.intent = i.intent
    left join seedance.intent x on x.intent_id = i.intent
    where i.type = 'Intent';
  create index on merged (intent_id);
  create index on merged (account, task_id, outcome_n);
  analyze merged;

  -- An end is that of the last request which was accepted as that task before it.
  update merged m set final = f.record, final_at = f.at
  from (
    select distinct on (a.intent_id) a.intent_id, l.record, l.at
    from pg_temp.line l
    cross join lateral (
      select c.intent_id from merged c
      where c.account = l.account and c.task_id = l.task and c.outcome_n <= l.n
      order by c.outcome_n desc limit 1) a
    where l.type in ('Final', 'Settled')
    order by a.intent_id, l.n desc) f
  where m.intent_id = f.intent_id;

  -- Of each account, what comes behind the first that is new.
  for v_first in select m.account, min(m.n) as n from merged m where m.is_new group by m.account loop
    update merged m set position = p.position
    from (select b.n, nextval('seedance.intent_position_seq') as position
      from (select m.n from merged m where m.account = v_first.account and m.n >= v_first.n order by m.n) b) p
    where m.n = p.n;
  end loop;

  update seedance.intent i set position = m.position from merged m where i.intent_id = m.intent_id and not m.is_new and m.position <> m.old_position;
  update seedance.intent_row r set previous = m.position from merged m where r.previous = m.old_position and m.position <> m.old_position;
  insert into seedance.intent (position, intent_id, account, group_name, group_id, is_real_person, is_implied, row_count, record, sent_at)
  select m.position, m.intent_id, m.account, m.group_name, m.group_id, m.is_real_person, m.is_implied, m.row_count, m.record::json, m.at
  from merged m where m.is_new order by m.position;
  update seedance.intent i
  set record = m.record::json, is_cleared = m.is_cleared, run_id = m.run_id, group_id = coalesce(i.group_id, m.group_id), state = coalesce(m.state, i.state), task_id = coalesce(m.task_id, i.task_id),
    outcome = m.outcome::json, outcome_at = case when i.outcome::text is not distinct from m.outcome then i.outcome_at else m.outcome_at end,
    final = m.final::json, final_at = case when i.final::text is not distinct from m.final then i.final_at else m.final_at end
  from merged m
  where i.intent_id = m.intent_id and (m.is_new or (i.record::text, i.outcome::text, i.final::text) is distinct from (m.record, m.outcome, m.final));
  delete from seedance.payload p using seedance.intent i where i.position = p.position and i.state in ('Accepted', 'Refused', 'Unsent');
  insert into seedance.group_alias (account, group_id, name)
  select distinct i.account, i.group_id, i.group_name from seedance.intent i join merged m on m.intent_id = i.intent_id
  where i.group_id is not null and i.group_name is not null and not i.is_real_person
  on conflict do nothing;

  insert into seedance.intent_row (hash, account, position, ordinal)
  select r.hash, m.account, m.position, r.ordinal from pg_temp.line_row r join merged m on m.n = r.n where m.is_new;
  insert into seedance.place (hash, account)
  select distinct r.hash, m.account from pg_temp.line_row r join merged m on m.n = r.n where m.is_new order by 1
  on conflict do nothing;

  -- Which request of a row comes before which is found anew wherever one has come between.
  create temp table touched on commit drop as
    select distinct i.position
    from (select distinct r.hash, m.account from pg_temp.line_row r join merged m on m.n = r.n where m.is_new) h
    join seedance.intent_row r on r.hash = h.hash and r.account = h.account
    join seedance.intent i on i.position = r.position;
  update seedance.intent_row r
  set (previous, previous_ordinal) = (
    select p.position, p.ordinal
    from seedance.intent_row p join seedance.intent e on e.position = p.position
    where p.account = r.account and p.hash = r.hash and p.position < r.position
      and seedance.is_same_group(r.account, i.group_name, i.group_id, i.is_real_person, i.is_implied, e.group_name, e.group_id, e.is_real_person, e.is_implied)
    order by p.position desc, p.ordinal limit 1)
  from touched t join seedance.intent i on i.position = t.position
  where r.position = t.position and exists (
    select from seedance.intent_row p where p.account = r.account and p.hash = r.hash and p.position < r.position);
  for v_position in select t.position from touched t join seedance.intent i on i.position = t.position where i.task_id is not null order by 1 loop
    perform seedance.supersede(v_position);
  end loop;

  insert into seedance.account_key (account, record)
  select l.account, l.record::json from pg_temp.line l
  where l.type = 'Account' and not exists (
    select from seedance.account_key k
    where k.account = l.account and (k.record ->> 'key', k.record ->> 'endpoint', k.record ->> 'legacy') is not distinct from (l.record::json ->> 'key', l.record::json ->> 'endpoint', l.record::json ->> 'legacy'))
  order by l.n;

  delete from seedance.run u where not exists (select from pg_temp.line l where l.type = 'Run' and l.run = u.run_id);
  insert into seedance.run (run_id, account, run_name, record, started_at, lease_until)
  select l.run, l.account, l.run_name, l.record::json, l.at, l.at from pg_temp.line l where l.type = 'Run' order by l.n
  on conflict (run_id) do nothing;
  update seedance.run u set position = p.position
  from (select b.run, nextval('seedance.run_position_seq') as position from (select l.run from pg_temp.line l where l.type = 'Run' order by l.n) b) p
  where p.run = u.run_id;
  update seedance.run u set run_end = l.record::json, ended_at = l.at from pg_temp.line l where l.type = 'RunEnd' and l.run = u.run_id and u.run_end is null;

  delete from seedance.upload u where not exists (select from pg_temp.line l where l.type = 'Upload' and l.account = u.account and l.hash = u.content_hash);
  insert into seedance.upload (account, content_hash, record)
  select distinct on (l.account, l.hash) l.account, l.hash, l.record::json from pg_temp.line l where l.type = 'Upload' order by l.account, l.hash, l.n desc
  on conflict (account, content_hash) do update set record = excluded.record;

  insert into seedance.asset_change (account, asset_id, status, name, changed_at)
  select c.account, c.asset_id, (array_agg(c.status order by c.n desc) filter (where c.status is not null))[1], (array_agg(c.name order by c.n desc) filter (where c.name is not null))[1], max(c.at)
  from pg_temp.change c where c.asset_id is not null group by c.account, c.asset_id
  on conflict (account, asset_id) do update set status = excluded.status, name = excluded.name, changed_at = excluded.changed_at;
  insert into seedance.group_change (account, group_id, status, changed_at)
  select distinct on (c.account, c.group_id) c.account, c.group_id, c.status, c.at
  from pg_temp.change c where c.asset_id is null order by c.account, c.group_id, c.n desc
  on conflict (account, group_id) do update set status = excluded.status, changed_at = excluded.changed_at;
end
$$;

-- What is the same without a look at other names; no less than is_same_group tells. It has no settings of its own, so that
-- it becomes part of the question, and a million rows are not as many calls.
create function seedance.is_surely_same_group(n1 text, i1 text, r1 boolean, n2 text, i2 text, r2 boolean)
returns boolean language sql immutable as $$
  select coalesce(i1 = i2, false) or coalesce(n1 = n2 and not r1 and not r2 and (i1 is null or i2 is null), false)
$$;

-- Every request that each row went out with, newest first. What is long comes with a request's first row alone.
create function seedance.find_rows_v3(
  p_account text, p_hashes uuid[], p_others uuid[], p_libraries uuid[],
  p_group_names text[], p_group_ids text[], p_are_real_persons boolean[], p_are_implied boolean[],
  out number integer, out ordinal integer, out "position" bigint, out intent_id text, out run_id text, out is_live boolean, out state text,
  out task_id text, out row_count integer, out group_name text, out group_id text, out is_real_person boolean, out is_implied boolean,
  out outcome text, out final text, out is_cleared boolean)
returns setof record language sql stable security definer
set search_path = pg_catalog, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
  with found as (
    select (k.number - 1)::integer as number, r.ordinal, r.position, i.intent_id, i.run_id, i.state, i.task_id, i.row_count,
      i.group_name, i.group_id, i.is_real_person, i.is_implied, i.outcome, i.final, i.is_cleared,
      row_number() over (partition by r.position order by k.number, r.ordinal) as nth
    from unnest(p_hashes, p_others, p_libraries, p_group_names, p_group_ids, p_are_real_persons, p_are_implied)
      with ordinality k(hash, other, library, group_name, group_id, is_real, is_implied, number)
    join seedance.intent_row r on r.account = p_account and r.hash = any (array[k.hash, k.other, k.library])
    join seedance.intent i on i.position = r.position and case
      when seedance.is_surely_same_group(k.group_name, k.group_id, k.is_real, i.group_name, i.group_id, i.is_real_person) then true
      else seedance.is_same_group(p_account, k.group_name, k.group_id, k.is_real, k.is_implied, i.group_name, i.group_id, i.is_real_person, i.is_implied) end)
  select f.number, f.ordinal, f.position, f.intent_id, f.run_id, coalesce(u.lease_until > clock_timestamp(), false), f.state,
    f.task_id, f.row_count, f.group_name, f.group_id, f.is_real_person, f.is_implied,
    case when f.nth = 1 then f.outcome::text end, case when f.nth = 1 then f.final::text end, f.is_cleared
  from found f
  left join seedance.run u on u.run_id = f.run_id
  order by f.number, f.position desc, f.ordinal
$$;

-- The lines of an account's last requests and runs, in the order of a journal file: what completion offers is made of them.
-- It is asked at a prompt, so it walks indexes from their ends, and no further than p_count; what was cleared has no names.
-- Accounts are compared so that the order needs theirs, too: by the order of positions alone a planner would walk through
-- the requests of everybody for those of an account that has few.
create function seedance.read_names_v3(p_account text, p_count integer)
returns setof text language sql stable security definer set search_path = pg_catalog, pg_temp set enable_bitmapscan = off as $$
  with late as (
    select i.*
    from (
      select p.position
      from (
        (select a.position from seedance.intent a
        where a.account between p_account and p_account and a.task_id is not null order by a.account desc, a.position desc limit p_count)
        union
        (select o.position from seedance.intent o
        where o.account between p_account and p_account and (o.state is null or o.state = 'Unknown') order by o.account desc, o.position desc limit p_count)) p
      order by p.position desc limit p_count) p
    join seedance.intent i on i.position = p.position
    where not i.is_cleared)
  select x.record
  from (
    (select u.record::text as record, u.started_at as at, u.position, 1 as kind from seedance.run u
    where u.account between p_account and p_account order by u.account desc, u.position desc limit p_count)
    union all
    select l.record::text, l.sent_at, l.position, 2 from late l
    union all
    select l.outcome::text, greatest(l.sent_at, l.outcome_at), l.position, 3 from late l where l.outcome is not null
    union all
    select l.final::text, greatest(l.sent_at, l.outcome_at, l.final_at), l.position, 4
    from late l where l.final is not null and l.final::text is distinct from l.outcome::text) x
  order by x.at, x.position, x.kind
$$;

-- What every step of a run asks goes row by row through indexes, whatever the statistics say: a planner that believes a
-- table to be small, or an account to be large, would read the whole of it for each request.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_proc p
    where p.pronamespace = 'seedance'::regnamespace and p.proname in (
      'claim', 'supersede', 'learn_group', 'end_intent_v1', 'end_intent_v2', 'split_intent_v2', 'release_run_v1', 'settle_intent_v1', 'record_final_v1',
      'find_rows_v1', 'find_rows_v3', 'find_tasks_v1',
      'has_work_v2', 'take_intent_v2', 'watch_tasks_v2', 'unwatch_task_v2', 'is_list_done_v2', 'read_list_tasks_v2', 'read_open_v1', 'read_tasks_v1', 'read_run_requests_v1', 'read_names_v3')
  loop
    execute format('alter function %s set enable_seqscan = off', v_function);
    execute format('alter function %s set enable_hashjoin = off', v_function);
    execute format('alter function %s set enable_mergejoin = off', v_function);
  end loop;
end
$$;

revoke all on all functions in schema seedance from public;
