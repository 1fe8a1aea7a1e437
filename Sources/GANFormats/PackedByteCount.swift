/// The bytes of a packed tensor, or nil where extents read from a file overflow.
///
/// Extents of 0 count as 1 while checking, so that the strides of an empty tensor fit too.
func packedByteCount(_ dimensions: [Int], elementBytes: Int) -> Int? {
  var product = elementBytes
  for extent in dimensions {
    let (next, overflows) = product.multipliedReportingOverflow(by: max(extent, 1))
    if overflows { return nil }
    product = next
  }
  return dimensions.contains(0) ? 0 : product
}
