internal import GANTensor

extension Convolution {
  /// The type of a convolution's result, or the rule broken.
  func resultType(images: TensorType, weights: TensorType) -> Result<TensorType, TypeRule> {
    guard isImages(images), isImages(weights) else { return .failure(fourAxes(images, weights)) }
    let (count, channels, height, width) = layout.extents(of: images.shape)
    let window = (height: weights.shape[2], width: weights.shape[3])
    if let rule = groupRule(channels, weights.shape[0]) { return .failure(rule) }
    guard channels / groups == weights.shape[1] else {
      return .failure(
        TypeRule("weights must be [K, \(channels / groups), kH, kW], got \(weights.shape)"))
    }
    let rows = windowCount(along: height, window: window.height)
    let columns = windowCount(along: width, window: window.width)
    guard padding >= 0, rows > 0, columns > 0 else {
      return .failure(
        TypeRule(
          "windows of \(window.height) × \(window.width), \(self), must fit, got images of "
            + "\(height) × \(width)"))
    }
    return .success(
      TensorType(
        layout.shape(images: count, channels: weights.shape[0], height: rows, width: columns),
        .float32))
  }

  /// The type of the gradient in the images under the windows, or the rule broken.
  func inputGradientType(
    windows: TensorType, weights: TensorType, height: Int, width: Int
  ) -> Result<TensorType, TypeRule> {
    guard isImages(windows), isImages(weights) else { return .failure(fourAxes(windows, weights)) }
    let (count, filters, rows, columns) = layout.extents(of: windows.shape)
    if let rule = groupRule(groups, filters) { return .failure(rule) }
    guard filters == weights.shape[0] else {
      return .failure(
        TypeRule("weights must be [\(filters), C, kH, kW], got \(weights.shape)"))
    }
    let rule = windowRule(
      (weights.shape[2], weights.shape[3]), on: (height, width), count: (rows, columns))
    return rule.map(Result.failure)
      ?? .success(
        TensorType(
          layout.shape(
            images: count, channels: groups * weights.shape[1], height: height, width: width),
          .float32))
  }

  /// The type of the gradient in the weights, or the rule broken.
  func weightGradientType(
    images: TensorType, windows: TensorType, height: Int, width: Int
  ) -> Result<TensorType, TypeRule> {
    guard isImages(images), isImages(windows) else { return .failure(fourAxes(images, windows)) }
    guard images.shape[0] == windows.shape[0] else {
      return .failure(
        TypeRule("needs as many images twice, got \(images.shape[0]) and \(windows.shape[0])"))
    }
    let (_, channels, imageHeight, imageWidth) = layout.extents(of: images.shape)
    let (_, filters, rows, columns) = layout.extents(of: windows.shape)
    let rule = windowRule(
      (height, width), on: (imageHeight, imageWidth), count: (rows, columns))
    return (groupRule(channels, filters) ?? rule).map(Result.failure)
      ?? .success(TensorType([filters, channels / groups, height, width], .float32))
  }

  /// The rule broken unless channels and filters make whole groups.
  private func groupRule(_ channels: Int, _ filters: Int) -> TypeRule? {
    let areWhole = groups > 0 && channels.isMultiple(of: groups) && filters.isMultiple(of: groups)
    return areWhole
      ? nil : TypeRule("\(groups) groups must divide \(channels) channels and \(filters) filters")
  }

  private func isImages(_ type: TensorType) -> Bool {
    type.shape.rank == 4 && type.elementType == .float32
  }

  private func fourAxes(_ first: TensorType, _ second: TensorType) -> TypeRule {
    TypeRule("needs two float32 tensors of four axes, got \(first), \(second)")
  }

  /// The rule broken unless exactly so many windows lie on images of these extents.
  private func windowRule(
    _ window: (Int, Int), on images: (Int, Int), count: (Int, Int)
  ) -> TypeRule? {
    let sides = [window.0, window.1, images.0, images.1]
    let isMet =
      padding >= 0 && sides.allSatisfy { $0 > 0 }
      && windowCount(along: images.0, window: window.0) == count.0
      && windowCount(along: images.1, window: window.1) == count.1
    return isMet
      ? nil
      : TypeRule(
        "windows of \(window.0) × \(window.1), \(self), on \(images.0) × \(images.1) must be as "
          + "many as are given, got \(count.0) × \(count.1)")
  }
}
