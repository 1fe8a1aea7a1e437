import Testing

/// Tests of the whole program; one at a time, for each uses every processor.
@Suite("The program gan", .serialized)
struct CommandTests {}
