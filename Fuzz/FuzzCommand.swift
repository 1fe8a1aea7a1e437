import Foundation

// gan-fuzz list
// gan-fuzz seeds TARGET FOLDER         valid files, one an input
// gan-fuzz dictionary TARGET           words that inputs have, as libFuzzer reads them
// gan-fuzz run TARGET [libFuzzer's arguments]
//
// `Scripts/fuzz` calls it, from the root of the repository, whose fixtures are among the seeds. `main`
// is libFuzzer's, which calls the two functions here by their names.

/// Does what the command line asks for; libFuzzer's own part of it follows the target.
@c(LLVMFuzzerInitialize)
public func initialize(
  count: UnsafeMutablePointer<CInt>,
  arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  let words = CommandLine.arguments
  switch (words.dropFirst().first, words.count) {
  case ("list", 2):
    for target in FuzzTarget.all { print(target.name) }
  case ("seeds", 4):
    do { try chosenTarget.writeSeeds(to: words[3]) } catch { refuse("\(error)") }
  case ("dictionary", 3):
    for word in chosenTarget.words { print(FuzzTarget.quoted(word)) }
  case ("run", 3...):
    // The program's name stays, `run` and the target go.
    for place in 3..<words.count { arguments.pointee[place - 2] = arguments.pointee[place] }
    count.pointee -= 2
    _ = chosenTarget
    return 0
  default:
    refuse("usage: gan-fuzz list | seeds TARGET FOLDER | dictionary TARGET | run TARGET ...")
  }
  exit(0)
}

/// Reads one input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(bytes: UnsafePointer<UInt8>?, byteCount: Int) -> CInt {
  chosenTarget.judge([UInt8](UnsafeBufferPointer(start: bytes, count: byteCount)))
  return 0
}

/// The target on the command line. What C calls captures nothing, so it asks here.
private let chosenTarget: FuzzTarget = {
  let name = CommandLine.arguments.dropFirst(2).first ?? ""
  guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
    refuse("no target is called \(name); gan-fuzz list names them")
  }
  return target
}()

private func refuse(_ text: String) -> Never {
  FileHandle.standardError.write(Data("gan-fuzz: \(text)\n".utf8))
  exit(64)
}
