internal import CKernels
internal import GANGraph
internal import GANTensor

/// Random numbers from their seed, purpose and step.
struct RandomKernel: PreparedKernel {
  let implementation: String
  private let id: NodeID
  private let (seed, step): (NodeID, NodeID)
  private let distribution: RandomDistribution
  private let purpose: RandomPurpose
  private let first: Int
  private let count: Int
  private let members: Int

  init(
    _ id: NodeID, _ distribution: RandomDistribution, _ purpose: RandomPurpose, first: Int,
    in graph: Graph, on device: CPUDevice
  ) {
    self.id = id
    self.distribution = distribution
    self.purpose = purpose
    self.first = first
    (seed, step) = (graph[id].operands[0], graph[id].operands[1])
    count = graph[id].type.shape.elementCount
    // A normal costs about as much as 16 elementary operations.
    members = Int(device.members(forWork: count * 16))
    implementation = "Philox, \(members) threads"
  }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    let drawing = RandomWork(
      destination: memory.floats(id), first: first, count: count, distribution: distribution,
      purpose: purpose,
      seed: memory.pointer(seed).assumingMemoryBound(to: UInt64.self),
      step: memory.pointer(step).assumingMemoryBound(to: UInt64.self))
    let members = Int32(members)
    return BoundKernel {
      var work = drawing
      ck_team_run(
        { context, member, members in
          context?.assumingMemoryBound(to: RandomWork.self).pointee
            .fill(share: Int(member), of: Int(members))
        }, &work, members)
    }
  }
}

/// The data a team shares while it draws; each member fills its own elements.
private struct RandomWork {
  let destination: UnsafeMutablePointer<Float>
  /// The index of the first of all.
  let first: Int
  let count: Int
  let distribution: RandomDistribution
  let purpose: RandomPurpose
  let seed: UnsafePointer<UInt64>
  let step: UnsafePointer<UInt64>

  func fill(share member: Int, of members: Int) {
    let start = count * member / members
    let share = count * (member + 1) / members - start
    switch distribution {
    case .normal:
      ck_random_normals(
        destination + start, share, seed.pointee, purpose.rawValue, step.pointee,
        UInt64(first + start))
    case .uniform:
      ck_random_uniforms(
        destination + start, share, seed.pointee, purpose.rawValue, step.pointee,
        UInt64(first + start))
    }
  }
}
