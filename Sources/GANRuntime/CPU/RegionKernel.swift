internal import CKernels
internal import GANGraph
internal import GANTensor

/// A fused group of elementwise nodes, run by the tile interpreter.
struct RegionKernel: PreparedKernel {
  private let compiled: RegionCompiler.Output
  private let elementCount: Int
  private let sums: [NodeID]
  private let chunks: ChannelChunks
  private let members: Int

  init(_ region: Region, in schedule: Schedule, on device: CPUDevice) {
    compiled = RegionCompiler.compile(region, in: schedule)
    elementCount = region.shape.elementCount
    sums = region.sums
    chunks = ChannelChunks(of: region.shape)
    let work = elementCount * compiled.instructions.count
    members = Int(device.members(forWork: work))
  }

  var implementation: String {
    "tile interpreter, \(compiled.instructions.count) instructions, \(members) threads"
  }

  var scratchBytes: Int { sums.count * chunks.partialCount * MemoryLayout<Double>.stride }

  func bind(_ memory: KernelMemory) -> BoundKernel {
    var (registers, views) = (compiled.registers, compiled.views)
    for (position, node) in compiled.registerNodes.enumerated() {
      if let node { registers[position].base = memory.pointer(node) }
    }
    for (position, node) in compiled.viewNodes.enumerated() {
      views[position].base = UnsafeRawPointer(memory.pointer(node))
    }
    let partials = memory.scratch.assumingMemoryBound(to: Double.self)
    let program = ElementwiseProgram(
      instructions: compiled.once + compiled.instructions, onceCount: compiled.once.count,
      registers: registers, views: views, immediates: compiled.immediates,
      sums: sums.enumerated().map { position, sum in
        ck_channel_sum(
          partials: partials + position * chunks.partialCount, result: memory.floats(sum))
      }, chunks: chunks)
    let (elementCount, members) = (elementCount, members)
    return BoundKernel { program.run(count: elementCount, sharedBy: members) }
  }
}
