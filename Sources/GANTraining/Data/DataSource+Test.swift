package import GANData

extension DataSource {
  /// The images that a data set holds back from training, in the size asked for; nil where there are
  /// none, or they are not here.
  ///
  /// - Parameter found: The training images, of this search.
  package func testImages(besides found: FoundData) -> ImageDataset? {
    guard let dataset = registry.first(where: { $0.name == found.data.name }) else { return nil }
    let images: ImageDataset?
    switch (dataset.origin, found.place) {
    case (.images(let make), _): images = make(.test)
    case (.files(let files), .folder(let path)) where Archive.isLikely(at: path):
      let pass: (DataNote) -> Void = { _ in }
      images = try? searchingArchive(path, pass) { try files.read($0, .test) }
    case (.files(let files), .folder(let path)): images = try? files.read(path, .test)
    case (.files, .builtIn), (.points, _): images = nil
    }
    guard let framed = try? images?.resized(framing) else { return nil }
    // Classes are numbered as those of the training images are.
    guard framed.classCount != found.data.classCount else { return framed }
    let occurring = framed.withoutEmptyClasses()
    return occurring.classNames == found.data.classNames ? occurring : nil
  }
}
