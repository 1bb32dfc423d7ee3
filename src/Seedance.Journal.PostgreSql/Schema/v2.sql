-- Work for many runners: lists of queued requests, who takes which, who watches whose tasks, one group once, and the
-- account's rate. What version 1 calls stays as it was for its callers.

update seedance.meta set version = 2;

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

revoke all on all functions in schema seedance from public;
