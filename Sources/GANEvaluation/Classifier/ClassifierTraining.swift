import GANData
import GANTensor

/// The training of a classifier, all of it fixed: the same data give the same weights, to the bit, on
/// any number of threads.
package enum ClassifierTraining {
  /// Images in an update; fewer where the data have fewer.
  static let batchSize = 100
  /// Updates, whatever the size of the data: six passes over MNIST.
  package static let steps = 3_600
  /// Updates after which the training is kept, so that one which is interrupted goes on.
  package static let savingInterval = 200
  /// Adam's step size at first; it falls along a line and ends at 0.
  private static let learningRate = 2e-3
  /// Decides the first weights, the order of the images and how far they move.
  static let seed: UInt64 = 0
  /// The most pixels by which an image moves along an axis, of 28.
  private static let shift = (pixels: 2, of: 28)

  /// The step size of an update, counted from 0.
  static func learningRate(ofStep step: Int) -> Float {
    Float(learningRate * (1 - Double(step) / Double(steps)))
  }

  /// The most pixels by which images move along an axis of so many.
  static func greatestShift(along extent: Int) -> Int { shift.pixels * extent / shift.of }
}

/// Copies images to a batch, each moved by a few pixels; what it uncovers is black.
struct ShiftedBatch {
  let imageShape: Shape
  let data: DataStorage

  /// Writes an image.
  ///
  /// - Parameters:
  ///   - index: Which image of the data.
  ///   - rows: Pixels by which it moves down, at most all of them.
  ///   - columns: Pixels by which it moves to the right.
  ///   - place: The image's place in `batch`.
  ///   - batch: `[B, C · H · W]`.
  func write(
    _ index: Int, movedBy rows: Int, _ columns: Int, to place: Int, of batch: inout [UInt8]
  ) {
    let (height, width) = (imageShape[1], imageShape[2])
    let size = imageShape.elementCount
    let source = UnsafeRawBufferPointer(rebasing: data.bytes[index * size..<(index + 1) * size])
    let firstColumn = max(0, columns)
    let copied = width - abs(columns)
    for channel in 0..<imageShape[0] {
      for row in 0..<height {
        let target = place * size + (channel * height + row) * width
        let origin = row - rows
        guard (0..<height).contains(origin) else {
          for column in 0..<width { batch[target + column] = 0 }
          continue
        }
        let line = (channel * height + origin) * width
        for column in 0..<width {
          let isCovered = column >= firstColumn && column < firstColumn + copied
          batch[target + column] = isCovered ? source[line + column - columns] : 0
        }
      }
    }
  }
}
