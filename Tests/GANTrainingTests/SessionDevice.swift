import GANGraph
import GANRuntime
import GANTestSupport

/// The devices that sessions are tested on.
enum SessionDevice: String, CaseIterable {
  /// The processor, as everybody uses it.
  case processor
  /// Its kernels, planned as another device would have it: nothing fused, small regions, images as
  /// they are written.
  case plainProcessor
  /// The oracle.
  case reference
  /// A schedule with another profile, interpreted.
  case interpreting

  /// Makes the device, for the calling thread.
  func made(threadCount: Int = 1) throws -> any Device {
    switch self {
    case .processor: return try CPUDevice(threadCount: threadCount)
    case .plainProcessor:
      var profile = CPUDevice.fastestProfile
      (profile.imageArrangement, profile.productFusion) = (.asWritten, .none)
      (profile.largestRegion, profile.channelSumWidth) = (3, nil)
      return try CPUDevice(threadCount: threadCount, profile: profile)
    case .reference: return ReferenceDevice()
    case .interpreting: return InterpretingDevice()
    }
  }
}
