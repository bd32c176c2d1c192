import type { FacilityBody } from '../../shared/contracts/registry.ts';
import { type BilingualName, paperKinds, planHazards } from '../../shared/domain/facility.ts';
import { DAY_MS } from '../../shared/domain/time.ts';
import { onWire } from '../streams.ts';

/** What a nursery of the demo is there to show. */
export type Part =
  | 'ordinary'
  | 'goes-blind'
  | 'falls-silent'
  | 'forgets-noon-check'
  | 'keeps-35-days'
  | 'rings-panic'
  | 'clock-is-off'
  | 'rotates-its-key'
  | 'new-camera'
  | 'forgets-morning-check'
  | 'holds-no-drill'
  | 'has-hand-foot-mouth'
  | 'filed-otherwise'
  | 'holds-a-drill'
  | 'has-works'
  | 'reaches-nobody'
  | 'box-that-lies'
  | 'nightly-gap';

/** One made-up nursery of the demo: names, streets and numbers are invented. */
export interface Nursery {
  readonly id: string;
  readonly part: Part;
  readonly division: string;
  readonly name: BilingualName;
  readonly address: string;
  readonly entrance: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly landline: string;
  readonly kind: FacilityBody['kind'];
  /** Children in each class. */
  readonly classes: readonly number[];
  /** Name in the filing, where it is another than the one in the registry. */
  readonly filedName?: string;
  /** The demonstration over another place than Taizhou. */
  readonly pack?: string;
}

/** The city in which most nurseries of the demo lie. */
export const DEMO_CITY = '3212';
/** Every place in which one lies: Taizhou, Changchun, Tianjin Hebei, Jiangyin and Yuncheng. */
export const DEMO_DIVISIONS = [DEMO_CITY, '2201', '120105', '320281', '1408'] as const;
export const DEMO_BOX = 'box-1';
export const DEMO_PACK = 'demo';
export const DEMO_ZONE = 'Asia/Shanghai';

/** The area that only one camera sees. */
export const LONELY_AREA = 'nap-room';
export const LONELY_CAMERA = 'cam-nap';

/** Inventory of each nursery: the inputs of its alarm system. */
export const demoDevices = [
  { id: 'panic-button', kind: 'panic-button' },
  { id: 'smoke', kind: 'smoke-detector' },
] as const satisfies NonNullable<FacilityBody['devices']>;

export const nurseries: readonly Nursery[] = [
  {
    id: 'sunflower',
    part: 'ordinary',
    division: '321202',
    name: { zh: '海陵向日葵托育园', en: 'Hailing Sunflower Nursery' },
    address: '江苏省泰州市海陵区青年北路演示弄18号',
    entrance: '北门，靠社区活动中心',
    latitude: 32.4942,
    longitude: 119.9194,
    landline: '0523-55500101',
    kind: 'nursery',
    classes: [14, 16],
  },
  {
    id: 'rainbow',
    part: 'forgets-noon-check',
    division: '321202',
    name: { zh: '海陵彩虹托育中心', en: 'Hailing Rainbow Childcare Centre' },
    address: '江苏省泰州市海陵区凤凰东路演示里6号',
    entrance: '东门',
    latitude: 32.4871,
    longitude: 119.9315,
    landline: '0523-55500102',
    kind: 'community',
    classes: [12],
  },
  {
    id: 'swallow',
    part: 'rotates-its-key',
    division: '321202',
    name: { zh: '海陵小燕子托育园', en: 'Hailing Little Swallow Nursery' },
    address: '江苏省泰州市海陵区济川西路演示巷33号',
    entrance: '南门',
    latitude: 32.4663,
    longitude: 119.9088,
    landline: '0523-55500103',
    kind: 'nursery',
    classes: [15, 13],
  },
  {
    id: 'harbour',
    part: 'goes-blind',
    division: '321203',
    name: { zh: '高港港湾托育园', en: 'Gaogang Harbour Nursery' },
    address: '江苏省泰州市高港区金港中路演示弄9号',
    entrance: '西门，货车通道旁',
    latitude: 32.3187,
    longitude: 119.8815,
    landline: '0523-55500201',
    kind: 'workplace',
    classes: [11, 12],
  },
  {
    id: 'paper-boat',
    part: 'reaches-nobody',
    division: '321203',
    name: { zh: '高港纸船家庭托育点', en: 'Gaogang Paper Boat Home Nursery' },
    address: '江苏省泰州市高港区通扬路演示苑2幢101',
    entrance: '小区东门进，2幢',
    latitude: 32.3241,
    longitude: 119.8762,
    landline: '0523-55500202',
    kind: 'home-based',
    classes: [5],
  },
  {
    id: 'willow',
    part: 'falls-silent',
    division: '321204',
    name: { zh: '姜堰杨柳托育园', en: 'Jiangyan Willow Nursery' },
    address: '江苏省泰州市姜堰区罗塘东路演示弄27号',
    entrance: '南门，沿河',
    latitude: 32.5086,
    longitude: 120.1477,
    landline: '0523-55500301',
    kind: 'nursery',
    classes: [16, 14, 12],
  },
  {
    id: 'cloud',
    part: 'new-camera',
    division: '321204',
    name: { zh: '姜堰云朵托育园', en: 'Jiangyan Cloud Nursery' },
    address: '江苏省泰州市姜堰区人民中路演示里11号',
    entrance: '北门',
    latitude: 32.5121,
    longitude: 120.1338,
    landline: '0523-55500302',
    kind: 'kindergarten-class',
    classes: [17],
  },
  {
    id: 'rapeseed',
    part: 'keeps-35-days',
    division: '321281',
    name: { zh: '兴化油菜花托育园', en: 'Xinghua Rapeseed Nursery' },
    address: '江苏省泰州市兴化市英武中路演示巷5号',
    entrance: '东门，菜场对面',
    latitude: 32.9102,
    longitude: 119.8527,
    landline: '0523-55500401',
    kind: 'nursery',
    classes: [13, 15],
  },
  {
    id: 'waterside',
    part: 'clock-is-off',
    division: '321281',
    name: { zh: '兴化水乡托育园', en: 'Xinghua Waterside Nursery' },
    address: '江苏省泰州市兴化市丰收路演示弄41号',
    entrance: '西门',
    latitude: 32.9264,
    longitude: 119.8391,
    landline: '0523-55500402',
    kind: 'community',
    classes: [10],
  },
  {
    id: 'riverbank',
    part: 'has-works',
    division: '321282',
    name: { zh: '靖江江畔托育园', en: 'Jingjiang Riverbank Nursery' },
    address: '江苏省泰州市靖江市人民南路演示里8号',
    entrance: '南门',
    latitude: 32.0146,
    longitude: 120.2683,
    landline: '0523-55500501',
    kind: 'nursery',
    classes: [14],
  },
  {
    id: 'ginkgo',
    part: 'rings-panic',
    division: '321283',
    name: { zh: '泰兴银杏托育园', en: 'Taixing Ginkgo Nursery' },
    address: '江苏省泰州市泰兴市鼓楼北路演示弄12号',
    entrance: '北门，救护车可进',
    latitude: 32.1718,
    longitude: 120.0521,
    landline: '0523-55500601',
    kind: 'nursery',
    classes: [15, 15],
  },
  {
    id: 'lantern',
    part: 'holds-a-drill',
    division: '321283',
    name: { zh: '泰兴灯笼托育园', en: 'Taixing Lantern Nursery' },
    address: '江苏省泰州市泰兴市国庆西路演示巷20号',
    entrance: '东门',
    latitude: 32.1652,
    longitude: 120.0239,
    landline: '0523-55500602',
    kind: 'workplace',
    classes: [12],
  },
  {
    id: 'magpie',
    part: 'box-that-lies',
    division: '321282',
    name: { zh: '靖江喜鹊托育园', en: 'Jingjiang Magpie Nursery' },
    address: '江苏省泰州市靖江市骥江东路演示弄16号',
    entrance: '东门，靠邮局',
    latitude: 32.0217,
    longitude: 120.2811,
    landline: '0523-55500502',
    kind: 'nursery',
    classes: [13, 11],
  },
  {
    id: 'moonlit',
    part: 'nightly-gap',
    division: '321283',
    name: { zh: '泰兴月光托育园', en: 'Taixing Moonlit Nursery' },
    address: '江苏省泰州市泰兴市文昌东路演示里3号',
    entrance: '南门',
    latitude: 32.1689,
    longitude: 120.0607,
    landline: '0523-55500603',
    kind: 'community',
    classes: [14],
  },
  {
    id: 'snowflake',
    part: 'forgets-morning-check',
    division: '220102',
    name: { zh: '长春雪花托育园', en: 'Changchun Snowflake Nursery' },
    address: '吉林省长春市南关区人民大街演示胡同15号',
    entrance: '南门',
    latitude: 43.8641,
    longitude: 125.3502,
    landline: '0431-55500701',
    kind: 'nursery',
    classes: [13],
    pack: 'demo-changchun',
  },
  {
    id: 'lighthouse',
    part: 'holds-no-drill',
    division: '120105',
    name: { zh: '河北区灯塔托育园', en: 'Hebei District Lighthouse Nursery' },
    address: '天津市河北区中山路演示里22号',
    entrance: '西门，靠近公交站',
    latitude: 39.1612,
    longitude: 117.2037,
    landline: '022-55500801',
    kind: 'community',
    classes: [12],
    pack: 'demo-tianjin-hebei',
  },
  {
    id: 'osmanthus',
    part: 'has-hand-foot-mouth',
    division: '320281',
    name: { zh: '江阴桂花托育园', en: 'Jiangyin Osmanthus Nursery' },
    address: '江苏省江阴市澄江中路演示弄7号',
    entrance: '东门',
    latitude: 31.9103,
    longitude: 120.2846,
    landline: '0510-55500901',
    kind: 'nursery',
    classes: [14],
    pack: 'demo-jiangyin',
  },
  {
    id: 'date-tree',
    part: 'filed-otherwise',
    division: '140802',
    name: { zh: '运城枣树幼儿园托班', en: 'Yuncheng Date Tree Kindergarten Class' },
    address: '山西省运城市盐湖区河东东街演示巷3号',
    entrance: '北门，与幼儿园共用',
    latitude: 35.0263,
    longitude: 111.0028,
    landline: '0359-55501001',
    kind: 'kindergarten-class',
    classes: [11],
    filedName: '运城枣树小苗幼儿园托班',
    pack: 'demo-yuncheng',
  },
];

/** Every nursery of the demo has these rooms; the playroom is seen twice, the nap room once. */
const areas: FacilityBody['areas'] = [
  { id: 'playroom', name: { zh: '活动室', en: 'Playroom' }, floor: 1, activity: true },
  { id: LONELY_AREA, name: { zh: '睡眠室', en: 'Nap room' }, floor: 1, activity: true },
  { id: 'gate', name: { zh: '大门', en: 'Gate' }, floor: 1, activity: false },
];

const camerasOf = (nursery: Nursery, nowMs: number): FacilityBody['cameras'] =>
  [
    { id: 'cam-play-a', areas: ['playroom'], days: 400 },
    { id: 'cam-play-b', areas: ['playroom', 'gate'], days: 180 },
    { id: LONELY_CAMERA, areas: [LONELY_AREA], days: nursery.part === 'new-camera' ? 20 : 130 },
  ].map(({ id, areas: covered, days }) => ({
    id,
    box: DEMO_BOX,
    areas: covered,
    installedAt: onWire(nowMs - days * DAY_MS),
  }));

/** A facility as the registrar files it, not yet in service. `noonCheckBy` is local time. */
export const facilityBodyOf = (nursery: Nursery, noonCheckBy: string, nowMs: number): FacilityBody => ({
  division: nursery.division,
  name: nursery.name,
  address: nursery.address,
  entrance: nursery.entrance,
  latitude: nursery.latitude,
  longitude: nursery.longitude,
  landline: nursery.landline,
  kind: nursery.kind,
  state: { is: 'commissioning' },
  filingId: `demo-${nursery.division}-${nursery.id}`,
  filed: {
    name: nursery.filedName ?? nursery.name.zh,
    address: nursery.address,
    kind: nursery.kind,
    places: nursery.classes.reduce((sum, one) => sum + one, 0),
    filedAt: onWire(nowMs - DAY_MS),
  },
  papers: paperKinds.map((kind) => ({
    kind,
    number: `demo-${nursery.id}-${kind}`,
    expiresAt: onWire(nowMs + 400 * DAY_MS),
  })),
  plans: planHazards.map((hazard) => ({ hazard, reviewedAt: onWire(nowMs - 30 * DAY_MS) })),
  devices: [...demoDevices],
  areas,
  cameras: camerasOf(nursery, nowMs),
  classes: nursery.classes.map((children, n) => ({ id: `class-${n + 1}`, children })),
  calendar: {
    zone: DEMO_ZONE,
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    opensAt: '00:00',
    closesAt: '23:59',
    closedOn: [],
    openOn: [],
    ...deadlinesOf(nursery, noonCheckBy),
  },
  pack: nursery.pack ?? DEMO_PACK,
});

/** One that forgets its morning check has the same deadline for it, so that it can be seen at any hour. */
export const deadlinesOf = (
  { part }: Nursery,
  checkBy: string,
): Pick<FacilityBody['calendar'], 'morningCheckBy' | 'noonCheckBy'> => ({
  noonCheckBy: checkBy,
  ...(part === 'forgets-morning-check' && { morningCheckBy: checkBy }),
});
