import GANLearning

extension Story {
  /// All of them, in the order in which they teach.
  package static let all = [collapse, vanishing, logarithm, oscillation, r1]

  /// Modes are lost.
  package static let collapse = Story(
    id: "collapse",
    title: Words("Mode collapse", "모드 붕괴"),
    words: Words(
      """
      The generator learns ten times a round, so it always finds the place where D errs most before D can \
      answer: all points run to one mode, then to the next, and the others stay empty. Nothing in its loss asks \
      for more than one. Watch the count of modes.
      """,
      """
      생성자가 라운드마다 열 번 배워서, D가 대답하기 전에 D가 가장 크게 틀리는 곳을 찾아냅니다. 모든 점이 한 모드로, 다음에는 \
      다른 모드로 몰려가고 나머지는 비어 있습니다. 손실 어디에도 여러 모드를 찾으라는 말이 없습니다. 모드 수를 보세요.
      """),
    settings: changed { $0.generator.steps = 10 })

  /// The loss that Goodfellow's paper begins with.
  package static let vanishing = Story(
    id: "vanishing",
    title: Words("Vanishing gradients", "사라지는 그래디언트"),
    words: Words(
      """
      G minimises log(1 - D(G(z))), and D learns ten times a round. Once D is sure, that loss is flat where G's \
      points are: arrows shrink to nothing and G stands still, far from the world.
      """,
      """
      G는 log(1 - D(G(z)))를 줄이고 D는 라운드마다 열 번 배웁니다. D가 확신하고 나면 G의 점이 있는 곳에서 이 손실은 \
      평평합니다. 화살표가 사라지고 G는 멀리서 멈춰 섭니다.
      """),
    settings: distant { $0.objective = .minimax })

  /// What is used in its place.
  package static let logarithm = Story(
    id: "logarithm",
    title: Words("Why -log D", "왜 -log D인가"),
    words: Words(
      """
      The same start, but G minimises -log D(G(z)): the arrows point the same way and are (1 - D) / D times as \
      long, longest where D is sure. G arrives.
      """,
      """
      같은 시작이지만 G가 -log D(G(z))를 줄입니다. 화살표의 방향은 같고 길이는 (1 - D) / D배라 D가 확신할수록 깁니다. \
      G가 도착합니다.
      """),
    settings: distant { $0.objective = .nonSaturating })

  /// Players that chase each other.
  package static let oscillation = Story(
    id: "oscillation",
    title: Words("Oscillation", "진동"),
    words: Words(
      """
      One narrow mode, and players as fast as each other: G runs to where D says real, D turns round, and G runs \
      back. Their losses have no common slope downhill, so they circle instead of settling.
      """,
      """
      좁은 모드 하나와 똑같이 빠른 두 선수입니다. D가 진짜라고 하는 쪽으로 G가 달려가면 D가 돌아서고 G는 되돌아옵니다. \
      함께 내려갈 비탈이 없어 멈추지 않고 돕니다.
      """),
    settings: circling { _ in })

  /// The game of `oscillation` with a penalty.
  package static let r1 = Story(
    id: "r1",
    title: Words("What R1 does", "R1이 하는 일"),
    words: Words(
      """
      The players of Oscillation with the R1 penalty: D may not be steep where real points are. The nearer G comes, \
      the flatter is D, the shorter are the arrows, and the circling dies out on the mode.
      """,
      """
      진동의 두 선수에 R1 페널티를 더했습니다. 진짜 점 근처에서 D가 가파를 수 없습니다. G가 다가올수록 D는 평평해지고 화살표는 \
      짧아져, 돌던 것이 모드 위에서 잦아듭니다.
      """),
    settings: circling { ($0.penalty, $0.penaltyWeight) = (.r1, 0.3) })

  private static func changed(_ change: (inout PlaySettings) -> Void) -> PlaySettings {
    var settings = PlaySettings()
    change(&settings)
    return settings
  }

  /// One narrow mode, and small networks that learn fast.
  private static func circling(_ change: (inout PlaySettings) -> Void) -> PlaySettings {
    changed { settings in
      settings.world = "normal2d(0.5,0.5,0.05)"
      (settings.generator.width, settings.discriminator.width) = (16, 16)
      settings.beta1 = 0.9
      (settings.generator.learningRate, settings.discriminator.learningRate) = (1e-2, 1e-2)
      change(&settings)
    }
  }

  /// A world far from where the generator begins, and a discriminator that soon tells them apart.
  private static func distant(_ change: (inout PlaySettings) -> Void) -> PlaySettings {
    changed { settings in
      settings.world = "normal2d(3,0,0.3)"
      settings.discriminator.steps = 10
      (settings.generator.learningRate, settings.discriminator.learningRate) = (1e-4, 5e-3)
      change(&settings)
    }
  }
}
