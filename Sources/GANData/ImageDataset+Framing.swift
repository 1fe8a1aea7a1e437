import GANFormats
import GANTensor

extension ImageDataset {
  /// The images in the size asked for, made of these as `ImageFraming` makes images of pictures;
  /// these themselves where they are in it.
  ///
  /// A gray image in colour has three equal channels.
  ///
  /// - Complexity: Memory for all of them, a byte a sample. Of 60,000 images of 1 x 28 x 28, about
  ///   half a second for 1 x 32 x 32, three seconds for 3 x 64 x 64.
  package func framed(as request: FramingRequest) -> ImageDataset {
    let framing = request.framing(ofImages: imageShape)
    guard framing.imageShape != imageShape else { return self }
    let (channels, height, width) = (imageShape[0], imageShape[1], imageShape[2])
    let crop = framing.crop(height: height, width: width)
    var resizer = framing.resizer(of: crop, channels: channels)
    let size = framing.imageShape.elementCount
    let pixels = [UInt8](unsafeUninitializedCapacity: count * size) { pixels, initialized in
      for image in 0..<count {
        let source = self.pixels(ofImage: image)
        resizer.resize { row, line in
          for channel in 0..<channels {
            let start = (channel * height + crop.top + row) * width + crop.left
            for column in 0..<crop.width {
              line[column * channels + channel] = Float(source[start + column])
            }
          }
        }
        framing.write(
          resizer.sums, channels: channels,
          to: UnsafeMutableBufferPointer(rebasing: pixels[image * size..<(image + 1) * size]))
      }
      initialized = count * size
    }
    return ImageDataset(
      name: name, imageShape: framing.imageShape, storage: DataStorage(pixels), labels: labels,
      classNames: classNames, stack: stack?.framed(as: request, channels: framing.channels))
  }
}
