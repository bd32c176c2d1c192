import type { BilingualName, RegistrationEvent, RegistrationEventKind, RegistrationField } from '../facility.ts';

const both = (zh: string, en: string): BilingualName => ({ zh, en });

/** What happened, as the first words of a notice. */
export const registrationWords: Readonly<Record<RegistrationEventKind, BilingualName>> = {
  registered: both('托育机构登记信息推送：新登记', 'registration pushed: a facility was registered'),
  changed: both('托育机构登记信息推送：登记事项变更', 'registration pushed: a facility was changed'),
  cancelled: both('托育机构登记信息推送：注销', 'registration pushed: a facility was closed'),
};

/** What whoever is told does about it: nothing urgent, nobody waits for an answer. */
export const registrationDoWords: Readonly<Record<RegistrationEventKind, BilingualName>> = {
  registered: both('将该机构纳入辖区名册，按职责开展指导', 'enter it into your list and guide it as your duties say'),
  changed: both('按登记的新信息更新辖区名册', 'bring your list up to what is registered now'),
  cancelled: both(
    '核实在托婴幼儿已妥善安置，并更新辖区名册；录像保存义务未届满前继续有效',
    'make sure that its children are cared for elsewhere, and take it off your list; its recordings are still to be kept',
  ),
};

const fieldWords: Readonly<Record<RegistrationField, BilingualName>> = {
  name: both('名称', 'name'),
  address: both('地址', 'address'),
  kind: both('服务形式', 'kind of service'),
  places: both('托位数', 'places'),
};

/** Which fields a change was about; empty for the other events. */
export const registrationFields = ({ fields = [] }: RegistrationEvent): BilingualName =>
  both(fields.map((field) => fieldWords[field].zh).join('、'), fields.map((field) => fieldWords[field].en).join(', '));
