internal import GANGraph
internal import GANRuntime
internal import GANTensor

/// Images, what convolutions make of them, and what networks have between two convolutions.
extension RandomGraphWriter {
  /// Makes images of some that are there, and sometimes numbers of them.
  mutating func addImages() {
    let x = anyImages()
    let y: Tensor
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1, 2: y = convolution(tamed(x))
    case 3, 4: y = transposedConvolution(tamed(x))
    case 5: y = normalised(x)
    case 6: y = random.oneIn(2) ? upsampled(x) : pooled(x)
    case 7: y = x.concatenated(with: [unary(x)], axis: random.choice([0, 1, 2]))
    case 8: y = masked(x)
    default: y = padded(x)
    }
    images.append(y)
    guard random.oneIn(2) else { return }
    let count = y.shape.elementCount
    switch Int.random(in: 0..<5, using: &random) {
    case 0: pool.append(y.summed(over: [2, 3]) * 0.5)
    case 1: pool.append(y.summed(over: [0, 2, 3]) * 0.5)
    case 2: pool.append(y.summed(over: [1, 2, 3]) * 0.125)
    case 3: addChannelSums(of: tamed(y))
    default: pool.append(y.reshaped(to: [y.shape[0], count / y.shape[0]]))
    }
  }

  /// Sums of channels that are last already, of a value that is needed elsewhere and of one that is not.
  private mutating func addChannelSums(of x: Tensor) {
    let y = unary(x.permuted([0, 2, 3, 1]))
    pool.append(y.summed(over: [0, 1, 2]) * 0.25)
    if random.oneIn(2) { pool.append((y * y).summed(over: [0, 1, 2]) * 0.25) }
    if random.oneIn(2) { images.append(y.permuted([0, 3, 1, 2])) }
  }

  /// Recent images, or new ones; small, so that many convolutions take little time.
  private mutating func anyImages() -> Tensor {
    if let last = images.last, last.shape.elementCount < 300, !random.oneIn(4) {
      return random.oneIn(3) ? random.choice(images) : last
    }
    let name = "images\(inputs.count)"
    let shape: Shape = [
      random.choice([1, 2, 3]), random.choice([1, 2, 3, 16]), random.choice([1, 2, 4]),
      random.choice([1, 3, 4]),
    ]
    inputs[name] = ReferenceTensor(shape, random.reals(shape.elementCount, in: -2...2))
    return builder.input(name, shape)
  }

  private mutating func weights(_ shape: Shape) -> Tensor {
    let known = states.filter { $0.shape == shape }
    return (known.isEmpty || random.oneIn(2) ? newState(shape) : random.choice(known))
  }

  private mutating func convolution(_ x: Tensor) -> Tensor {
    let (stride, padding) = (random.choice([1, 1, 2, 3]), random.choice([0, 1, 2]))
    func window(_ axis: Int) -> Int {
      min(random.choice([1, 2, 3, 4]), x.shape[axis] + 2 * padding)
    }
    let shape: Shape = [random.choice([1, 2, 5, 16]), x.shape[1], window(2), window(3)]
    let y = x.convolved(with: weights(shape), stride: stride, padding: padding)
    if random.oneIn(3) { return y }
    let wide = newState([shape[0]]).broadcast(to: y.shape, axes: [1])
    let sum = random.oneIn(2) ? y + wide : wide + y
    if random.oneIn(5) { images.append(y) }
    return random.oneIn(3) ? sum : unary(sum)
  }

  private mutating func transposedConvolution(_ x: Tensor) -> Tensor {
    let (stride, padding) = (random.choice([1, 2]), random.choice([0, 1]))
    // Of one image's pixel at least one is left.
    let window = random.choice([3, 4])
    let shape: Shape = [x.shape[1], random.choice([1, 2, 5]), window, window]
    return x.transposeConvolved(
      with: weights(shape), stride: stride, padding: padding,
      outputPadding: random.oneIn(2) ? 0 : stride - 1)
  }

  /// As a batch normalisation: sums over everything but channels, repeated over it again.
  private func normalised(_ x: Tensor) -> Tensor {
    let scale = Double(x.shape[1]) / Double(x.shape.elementCount)
    func overChannels(_ sums: Tensor) -> Tensor {
      (sums * scale).broadcast(to: x.shape, axes: [1])
    }
    let centred = x - overChannels(x.summed(over: [0, 2, 3]))
    let variance = overChannels((centred * centred).summed(over: [0, 2, 3]))
    return centred / (variance + 0.5).squareRoot()
  }

  private func upsampled(_ x: Tensor) -> Tensor {
    let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    return x.broadcast(to: [n, c, h, 2, w, 2], axes: [0, 1, 2, 4])
      .reshaped(to: [n, c, 2 * h, 2 * w])
  }

  private func pooled(_ x: Tensor) -> Tensor {
    let (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let rows = h.isMultiple(of: 2) ? 2 : 1
    return x.reshaped(to: [n, c, h / rows, rows, w]).summed(over: [3]) * 0.5
  }

  private mutating func masked(_ x: Tensor) -> Tensor {
    let perImage = x.summed(over: [1, 2, 3]).tanh().broadcast(to: x.shape, axes: [0])
    let perPixel = x.summed(over: [0, 1]).tanh().broadcast(to: x.shape, axes: [2, 3])
    let mask = x.compared(.greater, to: random.oneIn(2) ? perImage : perPixel)
    return mask.select(x, unary(x))
  }

  private mutating func padded(_ x: Tensor) -> Tensor {
    let axis = random.choice([0, 1, 2, 3])
    guard random.oneIn(2) else {
      return x.padded(axis: axis, before: random.choice([0, 1]), after: random.choice([0, 1, 2]))
    }
    let start = Int.random(in: 0..<x.shape[axis], using: &random)
    return x.sliced(axis: axis, start: start, count: x.shape[axis] - start)
  }
}
