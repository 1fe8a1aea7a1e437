import GANFormats

extension NamedDataset {
  /// MNIST.
  ///
  /// - Source: The sums of MNIST and Fashion-MNIST are of the decompressed files; Debian's
  ///   `dataset-fashion-mnist` holds the latter too. KMNIST's are those its publisher's files have
  ///   in TensorFlow Datasets.
  package static let mnist = NamedDataset(
    .mnist, properName: "MNIST", summary: "handwritten digits",
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist",
      "https://storage.googleapis.com/cvdf-datasets/mnist",
      // The authors' own page often refuses.
      "http://yann.lecun.com/exdb/mnist",
    ],
    downloadByteCounts: [9_912_422, 28_881, 1_648_877, 4_542],
    [
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ].map { .contents($0) })

  /// Fashion-MNIST, which some systems install as `dataset-fashion-mnist`.
  package static let fashionMNIST = NamedDataset(
    .fashionMNIST, properName: "Fashion-MNIST", summary: "clothes",
    systemFolders: ImageDataset.systemFashionMNISTFolders,
    mirrors: [
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
      "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
    ],
    downloadByteCounts: [26_421_880, 29_515, 4_422_102, 5_148],
    [
      "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ].map { .contents($0) })

  /// KMNIST.
  package static let kmnist = NamedDataset(
    .kmnist, properName: "KMNIST", summary: "handwritten hiragana",
    mirrors: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist"],
    downloadByteCounts: [18_165_135, 29_497, 3_041_136, 5_120],
    [
      "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
      "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
      "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
      "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
    ].map { .archive($0) })

  /// A data set in MNIST's four files: 60,000 and 10,000 images of 28 x 28, and their labels.
  private init(
    _ family: ImageDataset.MNISTFamily, properName: String, summary: String,
    systemFolders: [String] = [], mirrors: [String], downloadByteCounts: [Int],
    _ proofs: [PublishedFile.Proof]
  ) {
    let contents: [(String, ImageDataset.Split, Int)] = [
      ("train-images-idx3-ubyte", .train, 47_040_016), ("train-labels-idx1-ubyte", .train, 60_008),
      ("t10k-images-idx3-ubyte", .test, 7_840_016), ("t10k-labels-idx1-ubyte", .test, 10_008),
    ]
    let files = zip(contents, zip(downloadByteCounts, proofs)).map { content, published in
      PublishedFile(
        name: content.0, split: content.1, format: .idx, byteCount: content.2,
        downloadByteCount: published.0, proof: published.1)
    }
    self.init(
      name: family.rawValue, properName: properName, summary: summary,
      origin: .files(
        DatasetFiles(
          firstFile: contents[0].0, places: family.places,
          folderHint: "that holds train-images-idx3-ubyte, plain or gzip, or torchvision's root",
          systemFolders: systemFolders,
          download: PublishedDataset(name: family.rawValue, files: files, mirrors: mirrors)
        ) { try .mnist(in: $0, family: family, split: $1) }))
  }
}
