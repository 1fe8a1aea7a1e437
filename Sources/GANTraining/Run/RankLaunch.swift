/// The place of this process among those that a launcher has started together, as its environment says.
package struct RankLaunch: Hashable, Sendable {
  /// The place, from 0.
  package let rank: Int
  package let rankCount: Int
  /// The place among the processes of this machine, from 0; nil where the launcher does not say.
  package let localRank: Int?
  /// The processes on this machine; nil where the launcher does not say.
  package let localCount: Int?

  /// Reads the variables of Open MPI's `mpirun`, of PMI (MPICH's `mpiexec`, `srun --mpi=pmi2`), and of
  /// `srun`; nil where there are none.
  package init?(environment: [String: String]) {
    func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }
    let ofOpenMPI = (
      "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK",
      "OMPI_COMM_WORLD_LOCAL_SIZE"
    )
    let ofPMI = ("PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS")
    // A script of Slurm's has the number of its tasks, too; only steps, which `srun` starts, have this.
    let ofSlurm = (
      "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE"
    )
    for (rankName, countName, localRankName, localCountName) in [ofOpenMPI, ofPMI, ofSlurm] {
      guard let rank = number(rankName), let count = number(countName), (0..<count).contains(rank)
      else { continue }
      (self.rank, rankCount) = (rank, count)
      (localRank, localCount) = (number(localRankName), number(localCountName))
      return
    }
    return nil
  }

  /// Threads for each rank where none are asked for: those of the processors that it may use, which it
  /// shares with the other ranks of its machine unless the launcher has bound it to some.
  ///
  /// - Parameters:
  ///   - usable: Processors that this process may use.
  ///   - all: Processors of the machine.
  package func threadCount(usable: Int, of all: Int) -> Int {
    usable < all ? usable : max(1, usable / (localCount ?? rankCount))
  }
}
