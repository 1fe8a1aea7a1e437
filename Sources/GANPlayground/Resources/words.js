// The words of the page, in English and in Korean: `lang` in the address chooses, else the browser.
const words = {
  title: ["A GAN to play with", "가지고 노는 GAN"],
  other: ["한국어", "English"],
  play: ["Play", "재생"], pause: ["Pause", "일시 정지"], restart: ["Start anew", "처음부터"],
  stepD: ["Step D", "D 한 스텝"], stepG: ["Step G", "G 한 스텝"], stepBoth: ["Step both", "둘 다 한 스텝"],
  speed: ["Speed", "속도"],
  slow: ["slow, explained", "느리게, 설명과 함께"],
  onePerFrame: ["1 round a picture", "그림마다 1라운드"],
  perFrame: ["{0} rounds a picture", "그림마다 {0}라운드"],
  fastest: ["as fast as it goes", "최대한 빠르게"],
  counts: ["D {0} updates, G {1} updates, {2} rounds a second", "D 업데이트 {0}, G 업데이트 {1}, 초당 {2}라운드"],
  layers: ["Show", "보이기"],
  field: ["D's field", "D의 판단"], realPoints: ["real points", "진짜 점"], samples: ["generated points", "생성된 점"],
  manifold: ["G's image of a grid", "격자에 대한 G의 상"], arrows: ["what points receive", "점들이 받는 그래디언트"],
  fieldCaption: ["D(x): blue and round where D says real, orange and square where generated", "D(x): 파란 동그라미 쪽은 진짜, 주황 네모 쪽은 가짜라고 D가 봅니다"],
  optimum: ["The best D: p / (p + q)", "최적의 D: p / (p + q)"],
  optimumCaption: ["Grey: neither goes there", "회색: 양쪽 다 가지 않는 곳"],
  world: ["World", "분포"], custom: ["a formula …", "수식 …"], drawn: ["points", "점"], mixtureWorld: ["a mixture", "혼합 분포"],
  formula: ["Formula of the world", "분포의 수식"],
  own: ["A world of your own", "직접 만드는 분포"],
  draw: ["Draw on the picture", "그림 위에 그리기"], drawEnd: ["Use what is drawn", "그린 것을 쓰기"], clear: ["Clear", "지우기"],
  drawHint: ["Draw with the mouse or a finger; with the keyboard, arrows move the cross and the space bar sets a point.",
    "마우스나 손가락으로 그리세요. 키보드로는 화살표로 십자를 옮기고 스페이스로 점을 찍습니다."],
  table: ["A table of two columns (CSV)", "두 열짜리 표 (CSV)"],
  tableHint: ["Scaled to fit; of more than 1,000 rows evenly chosen ones are taken.", "크기를 맞추고, 1,000행이 넘으면 고르게 골라 씁니다."],
  json: ["A mixture as JSON", "JSON으로 쓴 혼합 분포"], use: ["Use it", "쓰기"],
  spread: ["Spread of a point", "점의 퍼짐"],
  standIn: ["In place of G: a density", "G 대신 쓸 밀도"], standInHint: ["empty: a network", "비우면 신경망"],
  objective: ["Objective", "목적 함수"], penalty: ["Penalty", "페널티"], none: ["none", "없음"], penaltyWeight: ["Its weight", "페널티 가중치"],
  packing: ["Packing", "패킹"], batchSize: ["Batch", "배치"], latentSize: ["Latents", "잠재 변수 수"], beta1: ["Adam's β₁", "Adam의 β₁"],
  averageHalfLife: ["Average of G, half-life in points", "G의 평균, 반감기(점 수)"], seed: ["Seed", "시드"],
  generator: ["Generator", "생성자"], discriminator: ["Discriminator", "판별자"],
  width: ["Units a layer", "층마다 유닛"], depth: ["Hidden layers", "은닉층"], learningRate: ["Learning rate", "학습률"], steps: ["Updates a round", "라운드마다 업데이트"],
  stories: ["Stories", "이야기"],
  noStory: ["Press Play, or choose a story: it sets up a game, and says what to look at.", "재생을 누르거나 이야기를 고르세요. 이야기는 게임을 준비하고 무엇을 볼지 알려 줍니다."], back: ["Back to what I had set", "내 설정으로 돌아가기"],
  link: ["Copy the link", "링크 복사"], linked: ["Copied", "복사됨"],
  value: ["Value of the game, V(D)", "게임의 값 V(D)"], bound: ["−log 4 + 2 JSD", "−log 4 + 2 JSD"],
  jsd: ["JSD, nats", "JSD (nat)"], floor: ["a perfect G gets", "완벽한 G의 값"], modes: ["Modes found", "찾은 모드"],
  all: ["all of them", "전체"],
  numbers: ["Numbers", "수치"], now: ["now", "지금"], klForward: ["KL(p ‖ q)", "KL(p ‖ q)"], klBackward: ["KL(q ‖ p)", "KL(q ‖ p)"],
  quality: ["points within 3 deviations of a mode", "모드에서 3 표준편차 안의 점"], push: ["mean length of the arrows", "화살표의 평균 길이"],
  exact: ["Both densities are known: exact.", "두 밀도를 모두 알기에 정확합니다."],
  estimated: ["q from 5,000 points in cells; p exact.", "q는 점 5,000개를 칸에 세어 추정, p는 정확."],
  broken: ["{0} of the points are NaN or infinite: the game has diverged.", "점 {0}개가 NaN이거나 무한대입니다: 발산했습니다."],
  noModes: ["This world has no modes to count.", "셀 모드가 없는 분포입니다."],
  reconnecting: ["The server does not answer. Trying again …", "서버가 응답하지 않습니다. 다시 시도합니다 …"],
  newServer: ["Open the address that gan play printed.", "gan play가 출력한 주소를 여세요."],
  explained: ["What a step does", "한 스텝이 하는 일"],
  d1: ["The generator makes points of noise; as many real ones are taken from the world.", "생성자가 노이즈로 점을 만들고, 진짜 점도 그만큼 가져옵니다."],
  d2: ["The discriminator says of each how likely it is real: {0} for real ones, {1} for generated ones on average.", "판별자가 점마다 진짜일 확률을 말합니다: 평균 진짜 {0}, 가짜 {1}."],
  d3: ["Its loss is how wrong it was: {0}.", "손실은 틀린 정도입니다: {0}."],
  d4: ["Gradients say how each of its weights would make the loss smaller.", "그래디언트는 가중치마다 손실을 줄이는 방향을 알려 줍니다."],
  d5: ["Its weights take a step that way; the generator stays as it is.", "가중치가 그쪽으로 한 걸음 갑니다. 생성자는 그대로입니다."],
  g1: ["The generator makes new points of noise.", "생성자가 노이즈로 새 점을 만듭니다."],
  g2: ["The discriminator judges them: {0} on average.", "판별자가 판단합니다: 평균 {0}."],
  g3: ["The generator's loss is how little it fooled: {0}.", "생성자의 손실은 속이지 못한 정도입니다: {0}."],
  g4: ["Each point receives a gradient, the arrows: where to move to look more real.", "점마다 그래디언트(화살표)를 받습니다: 더 진짜처럼 보이려면 갈 곳."],
  g5: ["The generator's weights take a step so that its points move along; the discriminator stays.", "점이 그리로 움직이도록 생성자의 가중치가 한 걸음 갑니다. 판별자는 그대로입니다."],
  picture: ["The world, D's field and G's points: {0}", "분포, D의 판단, G의 점: {0}"],
};

let chosen = null;
export const language = () => chosen ?? (navigator.language.startsWith("ko") ? "ko" : "en");
export function setLanguage(name) {
  chosen = ["en", "ko"].includes(name) ? name : null;
  document.documentElement.lang = language();
}
/** A word with its gaps filled. */
export function t(name, ...parts) {
  return words[name][language() === "ko" ? 1 : 0].replace(/\{(\d)\}/g, (_, place) => parts[place] ?? "–");
}
/** A pair of texts that the server sends. */
export const said = (pair) => pair[language()] ?? pair.en;

/** A number in few digits; NaN and infinity as such. */
export function number(value, digits = 3) {
  if (value === null || value === undefined) return "–";
  const known = { NaN: "NaN", Infinity: "∞", "-Infinity": "−∞" }[value];
  if (known) return known;
  if (!isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  return new Intl.NumberFormat(language(), { maximumSignificantDigits: digits }).format(value);
}
