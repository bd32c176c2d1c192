import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimDue, markPublished } from '../../shared/domain/incidents/outbox.ts';
import { capOf, capXml } from '../../shared/domain/notices/cap.ts';
import type { NoticeFacts } from '../../shared/domain/notices/notice-text.ts';
import { alarmKinds } from '../../shared/domain/reports.ts';
import { ruleNames } from '../../shared/domain/verdict.ts';
import { alarmed, factsOf, found, NOW_MS, recovered, sun } from '../support/sample-notices.ts';

/** One element: its name, and what is in it. */
interface Node {
  readonly name: string;
  readonly nodes: Node[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
const unescaped = (text: string): string => text.replace(/&(\w+);/g, (_, name: string) => entities[name] ?? '?');

/** Reads what a well-formed document without comments, CDATA and own prefixes holds. Throws on anything else. */
const parsed = (xml: string): Node => {
  const root: Node = { name: '', nodes: [], text: '' };
  const open: Node[] = [root];
  for (const [whole, close, name, text] of xml
    .replace(/^<\?xml[^?]*\?>\s*/, '')
    .matchAll(/<(\/?)(\w+)[^<>]*>|([^<]+)/g)) {
    const top = open.at(-1) as Node;
    if (text !== undefined) top.text += unescaped(text);
    else if (close === '/') {
      if (open.pop()?.name !== name) throw new Error(`${whole} closes what is not open`);
    } else {
      const node: Node = { name: name ?? '', nodes: [], text: '' };
      top.nodes.push(node);
      open.push(node);
    }
  }
  if (open.length !== 1) throw new Error('not closed');
  return root.nodes[0] as Node;
};

/** The elements of CAP 1.2 that we may use, in the order of the standard (OASIS, 3.2). `+` = must be there. */
const order: Readonly<Record<string, string>> = {
  alert:
    '+identifier +sender +sent +status +msgType source +scope restriction addresses code note references incidents info',
  info: 'language +category +event responseType +urgency +severity +certainty audience eventCode effective onset expires senderName headline description instruction web contact parameter resource area',
  area: '+areaDesc polygon circle geocode altitude ceiling',
  eventCode: '+valueName +value',
  parameter: '+valueName +value',
  geocode: '+valueName +value',
};

const words: Readonly<Record<string, readonly string[]>> = {
  status: ['Actual', 'Exercise', 'System', 'Test', 'Draft'],
  msgType: ['Alert', 'Update', 'Cancel', 'Ack', 'Error'],
  scope: ['Public', 'Restricted', 'Private'],
  category: 'Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other'.split(' '),
  responseType: 'Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None'.split(' '),
  urgency: ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'],
  severity: ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'],
  certainty: ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'],
};
const forms: Readonly<Record<string, RegExp>> = {
  sent: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/,
  onset: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/,
  identifier: /^[^\s,<&]+$/,
  sender: /^[^\s,<&]+$/,
  references: /^[^\s,<&]+,[^\s,<&]+,[^\s,<&]+$/,
  circle: /^-?\d+(\.\d+)?,-?\d+(\.\d+)? \d+(\.\d+)?$/,
};

/** Everything in which a document is not what the standard says. */
const faultsOf = (node: Node): string[] => {
  const known = order[node.name]?.split(' ');
  if (known === undefined) {
    const right = words[node.name]?.includes(node.text) ?? forms[node.name]?.test(node.text) ?? node.text !== '';
    return right && node.nodes.length === 0 ? [] : [`${node.name}: ${node.text}`];
  }
  const places = node.nodes.map(({ name }) => known.findIndex((one) => one.replace('+', '') === name));
  const missing = known.filter((one) => one.startsWith('+') && !node.nodes.some(({ name }) => `+${name}` === one));
  return [
    ...missing.map((one) => `${node.name} lacks ${one}`),
    ...(places.includes(-1) || places.some((place, at) => place < (places[at - 1] ?? 0))
      ? [`${node.name}: order`]
      : []),
    ...node.nodes.flatMap(faultsOf),
  ];
};

const every: readonly (readonly [string, readonly NoticeFacts[]])[] = [
  ...alarmKinds.map((kind) => [kind, factsOf(alarmed({ kind, confirmed: 'no' }))] as const),
  ...ruleNames.map((rule) => [rule, factsOf(found(rule, 'facility', 'no-beat'))] as const),
  ...ruleNames.map((rule) => [`${rule} recovered`, factsOf(recovered(found(rule, 'facility', 'no-beat')))] as const),
  ['age unknown', factsOf(alarmed({ kind: 'panic', ageMs: undefined as never }))],
  ['nowhere', factsOf(alarmed(), undefined)],
  ['hostile', factsOf(alarmed({ id: 'a b,<c>&"d\u0007\ud800' }), { ...sun, address: '<b>&"\u0000\uffff\ud83d' })],
];

describe('the CAP form of a notice', () => {
  it.each(every)('%s: is what CAP 1.2 asks for, in both languages', (_, all) => {
    for (const facts of all) {
      const root = parsed(capXml(capOf(facts)));
      expect(root.name).toBe('alert');
      expect(faultsOf(root)).toEqual([]);
      expect(root.nodes.filter(({ name }) => name === 'info')).toHaveLength(2);
    }
  });

  it('is never public, and is no alarm to be acted on when it is a test', () => {
    for (const [, all] of every) for (const facts of all) expect(capOf(facts).scope).toBe('Restricted');
    const statusOf = (kind: 'test' | 'panic') => factsOf(alarmed({ kind })).map((facts) => capOf(facts).status);
    expect(new Set(statusOf('test'))).toEqual(new Set(['Test']));
    expect(new Set(statusOf('panic'))).toEqual(new Set(['Actual']));
  });

  it('of a registered drill is an exercise; a flag without a window is actual', () => {
    const flagged = alarmed({ drill: true });
    const drill = { ...flagged, drill: { window: 'w', toMs: NOW_MS + 1 } };
    expect(factsOf(drill).map((facts) => capOf(facts).status)).not.toContain('Actual');
    expect(factsOf(flagged).map((facts) => capOf(facts).status)).not.toContain('Exercise');
  });

  it('of a recovery cancels the very message that the department had', () => {
    const opened = found('monitoring-running', 'box/b1', 'no-beat');
    const { incident, claimed } = claimDue(opened, NOW_MS + 600_000);
    const first = claimed.map((pending) => capOf({ ...(factsOf(opened)[0] as NoticeFacts), incident, pending }));
    const told = markPublished(incident, claimed, NOW_MS + 600_000, 'watch');
    const last = factsOf(recovered(opened)).map(capOf);
    expect(told.published.length).toBeGreaterThan(0);
    expect(last.map(({ msgType }) => msgType)).toEqual(last.map(() => 'Cancel'));
    expect(last.map(({ references }) => references)).toEqual(
      first.map(({ sender, identifier, sent }) => `${sender},${identifier},${sent}`),
    );
  });

  it('finds a document that is not in order', () => {
    const xml = capXml(capOf(factsOf(alarmed())[0] as NoticeFacts));
    expect(faultsOf(parsed(xml.replace(/<sent>[^<]*<\/sent>/, '')))).not.toEqual([]);
    expect(faultsOf(parsed(xml.replace('+08:00</sent>', 'Z</sent>')))).not.toEqual([]);
    expect(faultsOf(parsed(xml.replace(/(<status>.*?<\/status>)(<msgType>.*?<\/msgType>)/, '$2$1')))).not.toEqual([]);
  });

  // The schema belongs to OASIS and is not in this repository; whoever has it names it.
  const schema = process.env.CAP_SCHEMA;
  it(`is asked of xmllint where CAP_SCHEMA names the schema (${schema === undefined ? 'not here' : 'here'})`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'cap-'));
    const files = every.flatMap(([, all], at) =>
      all.map((facts, n) => {
        const file = join(folder, `${at}-${n}.xml`);
        writeFileSync(file, capXml(capOf(facts)));
        return file;
      }),
    );
    expect(files.length).toBeGreaterThan(50);
    if (schema !== undefined) execFileSync('xmllint', ['--noout', '--schema', schema, ...files], { stdio: 'pipe' });
  });
});
