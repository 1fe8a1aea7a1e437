// Messages between the ranks of a run by Open MPI, which is loaded when it is first wanted: nothing of it is
// needed to build. Other MPIs have other types under the same names, and are refused.
#ifndef GAN_C_MPI_H
#define GAN_C_MPI_H

#include <stddef.h>
#include <stdint.h>

/// Room for a text, its terminating zero included.
enum { gan_mpi_text_capacity = 256 };

/// What was found.
typedef enum {
  /// Open MPI, with everything that is used.
  gan_mpi_found,
  /// No MPI.
  gan_mpi_none,
  /// Another MPI, or an Open MPI that lacks something.
  gan_mpi_foreign,
} gan_mpi_status;

/// Loads the library, once.
///
/// `text` receives its version, or what there is instead; nothing where there is no MPI.
gan_mpi_status gan_mpi_load(char text[gan_mpi_text_capacity]);

/// Joins the ranks; only once in a process, after the library was found.
///
/// Returns 0, or MPI's error.
int gan_mpi_join(void);

int gan_mpi_rank(void);
int gan_mpi_rank_count(void);

/// Begins to send bytes to a rank and to receive as many as it is given room for from another; one such
/// exchange at a time. Nothing is sent to, or received from, a negative rank.
///
/// Returns 0, or MPI's error.
int gan_mpi_begin(const void *sent, size_t sent_bytes, int to, void *received, size_t received_bytes, int from);

/// 1 once the exchange has ended, 0 before, and negative where it failed.
int gan_mpi_test(void);

/// Gives up an exchange that has not ended; what is exchanged from now on is told from it.
void gan_mpi_drop(void);

/// Sends a number beside all exchanges, which nobody waits for.
void gan_mpi_tell(int to, int64_t number);

/// Takes a number that was sent so: 1 and its sender, or 0 where there is none.
int gan_mpi_hear(int *from, int64_t *number);

/// Leaves the ranks, which must all do so: it waits for them.
void gan_mpi_leave(void);

/// Ends all ranks at once.
void gan_mpi_abort(int status);

#endif
