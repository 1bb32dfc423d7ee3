-- Work for many runners: lists of queued requests, who takes which, who watches whose tasks, one group once, and the
-- account's rate. What version 1 calls stays as it was for its callers.

update seedance.meta set version = 2;

revoke all on all functions in schema seedance from public;
