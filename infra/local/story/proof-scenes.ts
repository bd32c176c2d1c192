import type { Proof } from './proof.ts';
import { first, type Scene, type Seen } from './scene.ts';

const proofScene = (name: Scene['name'], fault: (proof: Proof, seen: Seen) => string | undefined): Scene => ({
  name,
  missing: (seen) => (seen.proof === undefined ? 'nothing was taken away yet' : fault(seen.proof, seen)),
});

/** A bundle that ends so, with these words in it. */
const toldOf = (
  { bundles }: Proof,
  facility: string,
  exit: number,
  ...words: readonly RegExp[]
): string | undefined => {
  const told = bundles.get(facility);
  if (told === undefined) return `no bundle of ${facility}`;
  if (told.exit !== exit) return `the bundle of ${facility} ended with ${told.exit}: ${told.said.slice(0, 300)}`;
  const absent = words.find((word) => !word.test(told.said));
  return absent && `the bundle of ${facility} does not say ${absent}`;
};

/** Camera-hours that a bundle calls lost. */
const lostIn = ({ bundles }: Proof, facility: string): number =>
  Number(/Camera-hours: (\d+) lost/.exec(bundles.get(facility)?.said ?? '')?.[1] ?? 0);

const sentenceOf = ({ cannotShow }: Proof, facility: string, word: RegExp): string | undefined => {
  const said = cannotShow.find((one) => one.facility === facility)?.sentence?.en;
  if (said === undefined) return `the auditor does not hear why ${facility} cannot show its days`;
  return word.test(said) ? undefined : `of ${facility} the auditor hears: ${said}`;
};

/** What an auditor sees, and proves elsewhere. */
export const proofScenes: readonly Scene[] = [
  proofScene(
    { zh: '审计逐家说明为何无法证明90天', en: 'the auditor hears of each why it cannot show its days' },
    (proof) =>
      first(
        sentenceOf(proof, 'rapeseed', /35 of 90 days/),
        sentenceOf(proof, 'moonlit', /lost/),
        sentenceOf(proof, 'magpie', /not found/),
        proof.newCamera.cameras.every(({ state }) => state === 'held') ? undefined : 'a camera of cloud is not held',
        proof.cannotShow.some(({ facility }) => facility === 'cloud')
          ? 'cloud is listed though nothing is lost'
          : undefined,
      ),
  ),
  proofScene(
    { zh: '证据文件离线核验：新装摄像头的机构已证明', en: 'offline: the nursery with the new camera is proved' },
    (proof) =>
      first(
        toldOf(proof, 'cloud', 0, /已证明 \/ PROVED/, /\d+ not required, or not yet due/),
        lostIn(proof, 'cloud') === 0 ? undefined : 'its bundle says that something is lost',
      ),
  ),
  proofScene({ zh: '离线：35天与每晚缺口可分辨', en: 'offline: 35 days and a nightly gap are told apart' }, (proof) =>
    first(
      toldOf(proof, 'rapeseed', 1, /NOT PROVED/),
      toldOf(proof, 'moonlit', 1, /NOT PROVED/),
      // Three cameras, three hours of each of the ninety nights; and all that is older than 35 days.
      lostIn(proof, 'moonlit') === 810 ? undefined : `${lostIn(proof, 'moonlit')} hours of moonlit are lost, not 810`,
      lostIn(proof, 'rapeseed') > 3_000 ? undefined : `only ${lostIn(proof, 'rapeseed')} hours of rapeseed are lost`,
    ),
  ),
  proofScene(
    { zh: '离线：说谎的监控主机被抽查发现', en: 'offline: the box that lies was found by challenges' },
    (proof) =>
      first(
        toldOf(proof, 'magpie', 1, /not what is sealed|not what was sealed/, /footage is gone/),
        lostIn(proof, 'magpie') === 0 ? undefined : 'its own reports admit a loss',
      ),
  ),
  proofScene(
    {
      zh: '现场抽查再次发现说谎的监控主机，并已通知',
      en: 'a challenge finds the lying box live, and its incident is told',
    },
    (proof, seen) => {
      const startedAt = seen.uptime?.connectedAt ?? '';
      const live = proof.challenges.items.find(({ at = '', outcome }) => at > startedAt && outcome === 'not-found');
      const incident = seen.incidents.find(
        ({ facility, subject }) => facility === 'magpie' && subject === 'challenges',
      );
      return first(
        live === undefined ? 'no challenge of this run was answered with not-found' : undefined,
        incident === undefined ? 'no incident of it' : undefined,
        incident?.notices.published.length === 0 ? 'nobody was told of its incident' : undefined,
      );
    },
  ),
  proofScene({ zh: '全市报告点名', en: 'the report of the city names them' }, ({ report }) => {
    const absent = ['油菜花', '月光'].find((name) => !report.includes(name));
    return absent && `it does not name ${absent}`;
  }),
  proofScene({ zh: '录像留存指令已由监控主机确认', en: 'an order to keep is confirmed by the box' }, ({ holds }) =>
    holds.some(({ state, confirmedAt }) => state === 'open' && confirmedAt !== undefined)
      ? undefined
      : 'its box has not confirmed it',
  ),
  proofScene(
    { zh: '后台导出，凭链接取得', en: 'an export, made in the background and fetched by its link' },
    ({ exported }) =>
      // A spreadsheet is a ZIP file.
      Buffer.from(exported.bytes ?? [])
        .subarray(0, 2)
        .toString() === 'PK'
        ? undefined
        : `it is ${exported.state}`,
  ),
];
