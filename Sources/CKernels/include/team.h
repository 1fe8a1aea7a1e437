// The threads that oneDNN computes on, for our own kernels.
#ifndef CKERNELS_TEAM_H
#define CKERNELS_TEAM_H

/// What one member of the team does; `member` counts from 0 to `members - 1`.
typedef void (*ck_team_body)(void *context, int member, int members);

/// Runs `body` once for each member, and returns when all have returned.
///
/// On Linux the members are the threads of the GNU OpenMP team that oneDNN uses, so that the two
/// never compete; call this from the one thread that also calls oneDNN. Fewer threads than members
/// (a limit of the system, a nested call) still run every member. Elsewhere the members run one
/// after another on the calling thread, so a body must not wait for another member.
void ck_team_run(ck_team_body body, void *context, int members);

/// Sets how many threads the calling thread's team has, oneDNN's calls included.
///
/// Call it before the first primitive exists. Does nothing where there is no team.
void ck_team_set_size(int members);

/// The number of processors this process may run on.
int ck_processor_count(void);

#endif
