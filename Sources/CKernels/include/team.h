// The engine's own threads.
#ifndef CKERNELS_TEAM_H
#define CKERNELS_TEAM_H

/// Threads that share the work of one caller; they wait briefly for the next piece, and then sleep.
typedef struct ck_team ck_team;

/// What one member of the team does; `member` counts from 0 to `members - 1`.
typedef void (*ck_team_body)(void *context, int member, int members);

/// Starts a team: `members - 1` threads beside the caller of `ck_team_run`. Returns null where the
/// system gives no more threads or memory.
ck_team *ck_team_create(int members);

/// Ends the team's threads; it must not be at work.
void ck_team_destroy(ck_team *team);

/// Makes a team, or none if null, the calling thread's for `ck_team_run`.
void ck_team_use(ck_team *team);

/// The calling thread's team, or null.
ck_team *ck_team_current(void);

/// Runs `body` once for each member, and returns when all have returned.
///
/// Every member has a thread of the calling thread's team, always the same one if it is awake in time: what
/// it used last is in its cache. Members whose threads have not begun when the caller is done with its own
/// are run by the caller, as are all without a team: a body must not wait for another member.
void ck_team_run(ck_team_body body, void *context, int members);

/// The number of processors this process may run on.
int ck_processor_count(void);

/// Threads of teams that live in this process, callers not counted.
int ck_team_thread_count(void);

#endif
