import Foundation
import GANNetworks
package import GANRuntime
import GANTensor
import Synchronization

/// A generator that makes images for many askers at once: whatever waits is made by one run of a
/// program.
///
/// Its identity is the thread that computes. An image does not depend on the others of its run.
package final class SampleService: Sendable {
  /// What is asked for: latents `[N, L]`, and of a generator that is told classes one for each.
  package struct Order: Sendable {
    package let latents: [Float]
    package let labels: [Int32]?
    package let count: Int

    /// Asks for `count` images.
    package init(latents: [Float], labels: [Int32]?, count: Int) {
      (self.latents, self.labels, self.count) = (latents, labels, count)
    }
  }

  /// Too many images wait already.
  package struct Busy: Error {}

  /// Images that may wait.
  package static let waitingLimit = 4_096
  /// Images of the programs there are, each for as many as the one before does not take: at most a third
  /// of a run is made for nobody.
  private static let sizes = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64]

  private let shared = Shared()

  /// What the thread and the askers share; its identity is the queue.
  private final class Shared: Sendable {
    let queue = Mutex(Queue())
    let bell = DispatchSemaphore(value: 0)
  }

  private struct Queue {
    var tickets: [Ticket] = []
    var imageCount = 0
    var isEnded = false
  }

  /// An order, and where its images are left.
  private final class Ticket: Sendable {
    let order: Order
    let result = Mutex<Result<[Float], any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)

    init(_ order: Order) { self.order = order }

    func deliver(_ images: Result<[Float], any Error>) {
      result.withLock { $0 = images }
      done.signal()
    }
  }

  /// Prepares the programs, and waits until they are ready.
  ///
  /// - Throws: `RuntimeError`.
  package init(_ generator: SavedNetwork, on device: DeviceKind, threads: Int) throws {
    let ready = Ticket(Order(latents: [], labels: nil, count: 0))
    let thread = Thread { [shared] in
      do {
        let device = try device.makeDevice(threadCount: threads)
        let programs = try Self.programs(of: generator, on: device)
        ready.deliver(.success([]))
        Self.serve(programs, generator, shared)
      } catch {
        ready.deliver(.failure(error))
      }
    }
    thread.name = "gan-samples"
    thread.stackSize = 8 << 20
    thread.start()
    ready.done.wait()
    _ = try ready.result.withLock { $0 }?.get()
  }

  deinit {
    shared.queue.withLock { $0.isEnded = true }
    shared.bell.signal()
  }

  /// Makes images; waits for them on the calling thread, which must be one that may block.
  ///
  /// - Returns: `[N, C, H, W]` in [-1, 1], one after another.
  /// - Throws: `Busy`; `RuntimeError`.
  package func images(_ order: Order) throws -> [Float] {
    let ticket = Ticket(order)
    let isTaken = shared.queue.withLock { queue in
      guard queue.imageCount == 0 || queue.imageCount + order.count <= Self.waitingLimit else {
        return false
      }
      queue.tickets.append(ticket)
      queue.imageCount += order.count
      return true
    }
    guard isTaken else { throw Busy() }
    shared.bell.signal()
    ticket.done.wait()
    return try ticket.result.withLock { $0 }?.get() ?? []
  }

  private static func programs(
    of generator: SavedNetwork, on device: any Device
  ) throws -> [(size: Int, sampler: ItemSampler)] {
    let state = try device.makeState(
      generator.network.tensorTypes.map { ("network.\($0.name)", $0.type) })
    for (name, tensor) in generator.tensors { try state.write(tensor, to: "network.\(name)") }
    return try sizes.map { size in
      (
        size,
        try ItemSampler(
          generator.network, batchSize: size, itemShape: generator.options.itemShape, on: device,
          state: state, prefix: "network")
      )
    }
  }

  /// Makes what waits, until the service is gone.
  private static func serve(
    _ programs: [(size: Int, sampler: ItemSampler)], _ generator: SavedNetwork, _ shared: Shared
  ) {
    let latentSize = generator.network.inputShape.elementCount
    let itemSize = generator.options.itemShape.elementCount
    while true {
      shared.bell.wait()
      let (tickets, isEnded) = shared.queue.withLock { queue in
        defer { (queue.tickets, queue.imageCount) = ([], 0) }
        return (queue.tickets, queue.isEnded)
      }
      guard !isEnded else { return }
      guard !tickets.isEmpty else { continue }
      do {
        let images = try made(
          tickets.flatMap(\.order.latents),
          tickets.flatMap { $0.order.labels ?? [Int32](repeating: 0, count: $0.order.count) },
          latentSize, programs)
        var first = 0
        for ticket in tickets {
          let end = first + ticket.order.count * itemSize
          ticket.deliver(.success(Array(images[first..<end])))
          first = end
        }
      } catch {
        for ticket in tickets { ticket.deliver(.failure(error)) }
      }
    }
  }

  private static func made(
    _ latents: [Float], _ labels: [Int32], _ latentSize: Int,
    _ programs: [(size: Int, sampler: ItemSampler)]
  ) throws -> [Float] {
    guard let largest = programs.last else { return [] }
    var images: [Float] = []
    for first in stride(from: 0, to: labels.count, by: largest.size) {
      let items = first..<min(first + largest.size, labels.count)
      let program = programs.first { $0.size >= items.count } ?? largest
      let input = HostTensor(
        shape: [items.count, latentSize],
        Array(latents[items.lowerBound * latentSize..<items.upperBound * latentSize]))
      images += try program.sampler.outputs(of: input, labels: .given(Array(labels[items]))).floats
    }
    return images
  }
}
