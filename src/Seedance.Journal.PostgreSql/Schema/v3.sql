-- A journal stops where its server is another than before, until its owner confirms that: a promoted standby or a copy that
-- was brought back may lack what was acknowledged last, and its rows would be sent twice.

-- Where it was made, or was confirmed to go on; null in a journal that was never at a server it could ask.
alter table seedance.meta
  add column system_identifier bigint,
  add column timeline text;

-- The server as it is: what initdb gave it, and what every promotion and every recovery to a point in time raises.
create function seedance.server(out system_identifier bigint, out timeline text)
language sql set search_path = pg_catalog, pg_temp as $$
  select s.system_identifier, case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_lsn()), 8) end from pg_control_system() s
$$;

create function seedance.read_server_v3(out expected_identifier bigint, out expected_timeline text, out system_identifier bigint, out timeline text)
language sql security definer set search_path = pg_catalog, pg_temp as $$
  select m.system_identifier, m.timeline, s.system_identifier, s.timeline from seedance.meta m, seedance.server() s
$$;

-- What a run does before anything leaves goes through here, whatever the version of its client: a failover may come
-- between any two statements, and on one connection too. Outcomes of what has left are taken in at any server.
create function seedance.require_same_server()
returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_meta seedance.meta;
  v_identifier bigint;
  v_timeline text;
begin
  select * into v_meta from seedance.meta;
  select s.system_identifier, s.timeline into v_identifier, v_timeline from seedance.server() s;
  if v_meta.system_identifier <> v_identifier then
    raise exception using errcode = 'SD006', message = format('system identifier %s, and before %s', v_identifier, v_meta.system_identifier);
  elsif v_meta.timeline <> v_timeline then
    raise exception using errcode = 'SD005', message = format('timeline %s, and before %s', v_timeline, v_meta.timeline);
  end if;

  return null;
end
$$;

create trigger same_server before insert on seedance.run for each statement execute function seedance.require_same_server();
create trigger same_server before insert on seedance.intent for each statement execute function seedance.require_same_server();
create trigger same_server_taken before update of takes on seedance.intent for each statement execute function seedance.require_same_server();

update seedance.meta set version = 3;
update seedance.meta m set (system_identifier, timeline) = (select s.system_identifier, s.timeline from seedance.server() s);

-- What every step of a run asks goes row by row through indexes, whatever the statistics say: a planner that believes a
-- table to be small, or an account to be large, would read the whole of it for each request.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_proc p
    where p.pronamespace = 'seedance'::regnamespace and p.proname in (
      'claim', 'supersede', 'learn_group', 'end_intent_v1', 'settle_intent_v1', 'record_final_v1', 'find_rows_v1', 'find_tasks_v1',
      'has_work_v2', 'take_intent_v2', 'watch_tasks_v2', 'unwatch_task_v2', 'is_list_done_v2', 'read_list_tasks_v2', 'read_open_v1', 'read_tasks_v1', 'read_run_requests_v1')
  loop
    execute format('alter function %s set enable_seqscan = off', v_function);
    execute format('alter function %s set enable_hashjoin = off', v_function);
    execute format('alter function %s set enable_mergejoin = off', v_function);
  end loop;
end
$$;

revoke all on all functions in schema seedance from public;
