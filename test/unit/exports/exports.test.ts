import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeAuditHandler } from '../../../functions/audit/handler.ts';
import { exportJobView } from '../../../shared/contracts/audit-files.ts';
import { UnavailableError } from '../../../shared/domain/errors.ts';
import { HOUR_MS } from '../../../shared/domain/time.ts';
import type { ExportWork } from '../../../shared/ports/export-jobs.ts';
import { sheetFile } from '../../../shared/runtime/sheets/answer-sheets.ts';
import { type MakeExportDeps, makeExport } from '../../../shared/use-cases/exports/make-export.ts';
import { incident as anIncident } from '../../contract/samples.ts';
import { auditDeps } from '../../support/audit-deps.ts';
import { memoryExportFiles, memoryExportJobs } from '../../support/memory/export-jobs.ts';
import { nursery } from '../../support/nursery.ts';
import { believing, type Call, callerOf, grantTo, ISSUER } from '../../support/people-api.ts';
import { REPORT_NOW_MS, reportWorld } from '../../support/report-world.ts';

const LATER = Number.POSITIVE_INFINITY;

const make = async () => {
  const world = await reportWorld();
  // More than one step of facilities; none of these ever connected.
  for (let n = 0; n < 7; n += 1) await world.registry.putFacility(nursery(`empty-${n}`));
  let nowMs = REPORT_NOW_MS;
  const [jobs, files, sent] = [memoryExportJobs(), memoryExportFiles(), [] as ExportWork[]];
  const queue = { send: async (pieces: readonly ExportWork[]) => void sent.push(...pieces) };
  const { registry, vitals, records, incidents, challenges, evidence } = world;
  const stores = { registry, vitals, records, incidents, challenges, evidence };
  const deps = auditDeps(stores, () => nowMs, { jobs, files, queue });
  const making: MakeExportDeps = { reads: deps, jobs, files, queue, write: sheetFile, clock: () => nowMs };
  await grantTo(registry, 'auditor', { role: 'auditor', division: '3212' });
  await grantTo(registry, 'other', { role: 'auditor', division: '3212' });
  await grantTo(registry, 'police', { role: 'officer', department: 'police', division: '3212' });
  await grantTo(registry, 'fire', { role: 'officer', department: 'fire', division: '3212' });
  const call = callerOf(makeAuditHandler(believing(registry), deps));
  return { ...world, jobs, files, sent, making, call, pass: (ms: number) => (nowMs += ms) };
};

let city: Awaited<ReturnType<typeof make>>;
beforeEach(async () => {
  city = await make();
});

const order = (body: Call['body'], as = 'auditor') => city.call({ as, route: 'POST /v1/audit/exports', body });
const ordered = async (body: Call['body'], as = 'auditor'): Promise<string> => {
  const answered = await order(body, as);
  expect(answered.status, answered.text).toBe(202);
  return exportJobView.parse(answered.body).export;
};
const look = (id: string, as = 'auditor') =>
  city.call({ as, route: 'GET /v1/audit/exports/{export}', path: { export: id } });
/** Everything in a spreadsheet that was made. */
const textOf = (id: string): string =>
  Object.values(unzipSync(city.files.made.get(id)?.content ?? new Uint8Array()))
    .map((part) => Buffer.from(part).toString('utf8'))
    .join('');
const contentOf = (id: string): string => Buffer.from(city.files.made.get(id)?.content ?? []).toString('utf8');
const all = { of: 'retention', division: '3212', format: 'csv' };

describe('an export', () => {
  it('is taken, made in the background with progress, and ends as a link of a quarter of an hour', async () => {
    const id = await ordered(all);
    expect(city.sent).toEqual([{ export: id }]);
    expect((await look(id)).body).toMatchObject({ state: 'waiting', done: 0 });
    await makeExport(city.making, id, LATER);
    const { body } = await look(id);
    expect(body).toMatchObject({ state: 'done', done: 8, total: 8 });
    expect(body.link).toContain('for=900');
    expect(Date.parse(body.expiresAt)).toBe(REPORT_NOW_MS + 15 * 60_000);
    const lines = contentOf(id).trim().split('\r\n');
    expect(lines).toHaveLength(1 + 4 + 7);
    expect(lines[0]).toContain('机构名称');
    expect(contentOf(id)).toContain('never-connected');
  });

  it('that has no more time goes back to the queue, shows how far it is, and goes on from there', async () => {
    const id = await ordered(all);
    let rounds = 0;
    const making = { ...city.making, clock: () => rounds++ };
    await makeExport(making, id, 1);
    expect((await look(id)).body).toMatchObject({ state: 'running', done: 5, total: 8 });
    expect(city.sent).toHaveLength(2);
    await makeExport(city.making, id, LATER);
    expect((await look(id)).body).toMatchObject({ state: 'done', done: 8 });
    expect(contentOf(id).trim().split('\r\n')).toHaveLength(12);
  });

  it('whose parts were made by two versions is never one table: no cell stands under a heading of another', async () => {
    const id = await ordered(all);
    const readPart = async (job: string, part: number) => {
      const bytes = await city.files.readPart(job, part);
      if (part > 0 || bytes === undefined) return bytes;
      const [sheet, ...more] = JSON.parse(new TextDecoder().decode(bytes));
      return new TextEncoder().encode(JSON.stringify([{ ...sheet, headings: sheet.headings.toReversed() }, ...more]));
    };
    await makeExport({ ...city.making, files: { ...city.files, readPart } }, id, LATER);
    expect((await look(id)).body).toMatchObject({ state: 'failed', reason: 'export-outdated' });
  });

  it('that dies at any write is made whole by the next message, with every line once', async () => {
    const whole = await ordered(all);
    await makeExport(city.making, whole, LATER);
    for (const [store, name] of [
      ['files', 'putPart'],
      ['jobs', 'save'],
      ['files', 'putFile'],
    ] as const) {
      for (const after of [false, true]) {
        const id = await ordered(all);
        let isDead = false;
        const real = city.making[store] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
        const dying = {
          ...real,
          [name]: async (...args: unknown[]) => {
            if (isDead) return real[name]?.(...args);
            isDead = true;
            if (after) await real[name]?.(...args);
            throw new UnavailableError('the power went');
          },
        };
        await expect(makeExport({ ...city.making, [store]: dying }, id, LATER)).rejects.toThrow('the power went');
        await makeExport(city.making, id, LATER);
        expect((await look(id)).body, `${name} ${after}`).toMatchObject({ state: 'done', done: 8 });
        expect(contentOf(id), `${name} ${after}`).toBe(contentOf(whole));
      }
    }
  });

  it('that ends with today is made of a nursery to the west too, where it is yesterday', async () => {
    const { calendar } = nursery('west');
    await city.registry.putFacility(nursery('west', { calendar: { ...calendar, zone: 'Asia/Urumqi' } }));
    city.pass(12.5 * HOUR_MS);
    const days: string[] = [];
    for (const from of ['2026-11-06', '2026-11-07']) {
      const id = await ordered({ of: 'uptime', division: '3212', from, to: '2026-11-07', format: 'csv' });
      await makeExport(city.making, id, LATER);
      expect((await look(id)).body.state).toBe('done');
      const ofWest = contentOf(id)
        .split('\r\n')
        .filter((line) => line.includes('west'));
      days.push(ofWest.map((line) => /,(2026-11-0\d),/.exec(line)?.[1]).join());
    }
    expect(days).toEqual(['2026-11-06', '']);
  });

  it('of which the message came twice, at once or later, is one file', async () => {
    const id = await ordered(all);
    await Promise.all([makeExport(city.making, id, LATER), makeExport(city.making, id, LATER)]);
    await makeExport(city.making, id, LATER);
    const made = contentOf(id);
    await makeExport(city.making, id, LATER);
    expect(contentOf(id)).toBe(made);
    expect(made.trim().split('\r\n')).toHaveLength(12);
    expect((await look(id)).body.done).toBe(8);
  });

  it('opens for nobody else, and for nobody whose role was taken away', async () => {
    const id = await ordered(all);
    await makeExport(city.making, id, LATER);
    expect((await look(id, 'other')).status).toBe(404);
    await city.registry.removeGrant(`${ISSUER}|auditor`);
    expect((await look(id)).status).toBe(404);
  });

  it('of incidents does not open for who reads others now than when it was asked for', async () => {
    const health = { role: 'officer', department: 'health', division: '3212' } as const;
    await grantTo(city.registry, 'moves', health);
    for (const place of [{ division: '3212' }, { facility: 'sunshine' }]) {
      const id = await ordered({ of: 'incidents', ...place, format: 'csv' }, 'moves');
      await makeExport(city.making, id, LATER);
      expect((await look(id, 'moves')).body.state).toBe('done');
      await city.registry.removeGrant(`${ISSUER}|moves`);
      await grantTo(city.registry, 'moves', { ...health, department: 'police' });
      expect((await look(id, 'moves')).status).toBe(404);
      await city.registry.removeGrant(`${ISSUER}|moves`);
      await grantTo(city.registry, 'moves', { role: 'auditor', division: '3212' }, health);
      expect((await look(id, 'moves')).status).toBe(200);
    }
  });

  it('ends as failed, with the reason, if the role is taken away before it is made', async () => {
    const id = await ordered(all);
    await city.registry.removeGrant(`${ISSUER}|auditor`);
    await makeExport(city.making, id, LATER);
    expect(city.jobs.kept.get(id)).toMatchObject({ state: 'failed', reason: 'forbidden' });
    expect(city.files.made.size).toBe(0);
  });

  it('whose messages all died says so after some hours', async () => {
    const id = await ordered(all);
    city.pass(7 * HOUR_MS);
    expect((await look(id)).body).toMatchObject({ state: 'failed', reason: 'export-stalled' });
  });

  it.each(['retention', 'checks', 'uptime', 'coverage', 'incidents'])(
    'of %s of one facility is a spreadsheet',
    async (of) => {
      const id = await ordered({ of, facility: 'sunshine', from: '2026-10-30', to: '2026-11-05', format: 'xlsx' });
      await makeExport(city.making, id, LATER);
      expect((await look(id)).body.state).toBe('done');
      const zip = unzipSync(city.files.made.get(id)?.content ?? new Uint8Array());
      expect(Object.keys(zip)).toContain('xl/worksheets/sheet1.xml');
    },
  );

  it.each(['retention', 'checks', 'uptime', 'coverage', 'incidents'])(
    'of %s has no empty cell, words in front and codes behind',
    async (of) => {
      const openedAtMs = REPORT_NOW_MS - 48 * HOUR_MS;
      await city.incidents.putIfAbsent(anIncident({ division: '321202001', sinceMs: openedAtMs, openedAtMs }));
      const id = await ordered({ of, facility: 'sunshine', from: '2026-10-30', to: '2026-11-05', format: 'csv' });
      await makeExport(city.making, id, LATER);
      const [headings = [], ...lines] = parse(contentOf(id), { bom: true }) as string[][];
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.flat().filter((cell) => cell === '')).toEqual([]);
      const isId = /编号|摄像头|区域 |班级|报告|规则包|代码/;
      const read = lines.flatMap((line) => line.filter((_, at) => !isId.test(headings[at] ?? '')));
      expect(read.filter((cell) => /^[a-z]+(-[a-z]+)*$|^\d{4}-\d\d-\d\dT/.test(cell))).toEqual([]);
      const firstCode = headings.findIndex((heading) => heading.includes('代码'));
      if (firstCode >= 0) expect(headings.slice(firstCode).every((heading) => heading.includes('代码'))).toBe(true);
    },
  );

  it('is noted when an auditor asks and when a link is handed out', async () => {
    // One of a whole division is kept for its seal and for its list, under one id.
    const kept = () => [...city.evidence.kept.values()].filter(({ kind }) => kind === 'access');
    const notes = () => new Set(kept().map(({ id }) => id)).size;
    const id = await ordered(all);
    expect(notes()).toBe(1);
    await look(id);
    expect(notes()).toBe(1);
    await makeExport(city.making, id, LATER);
    await look(id);
    expect(notes()).toBe(2);
  });
});

describe('an export for a department', () => {
  const body = (department: string) => ({ of: 'department', department, division: '3212', format: 'xlsx' });
  const sheetsOf = async (department: string): Promise<string> => {
    const id = await ordered(body(department));
    await makeExport(city.making, id, LATER);
    expect((await look(id)).body.state).toBe('done');
    return Buffer.from(
      unzipSync(city.files.made.get(id)?.content ?? new Uint8Array())['xl/workbook.xml'] ?? [],
    ).toString('utf8');
  };

  it('has what that department may read, one sheet each', async () => {
    const police = await sheetsOf('police');
    for (const name of ['事件', '录像保存核查', '录像抽查']) expect(police).toContain(`name="${name}"`);
    const fire = await sheetsOf('fire');
    expect(fire).toContain('name="事件"');
    expect(fire).not.toContain('录像');
  });

  it('is handed on by auditors only', async () => {
    expect((await order(body('police'), 'police')).status).toBe(403);
    expect((await order({ ...body('police'), division: '3202' })).status).toBe(403);
  });

  it('has nothing of places that the auditor does not reach, though a wider division was asked for', async () => {
    await city.registry.putFacility(nursery('beyond', { division: '320205001' }));
    const id = await ordered({ ...body('police'), division: '32' });
    await makeExport(city.making, id, LATER);
    expect((await look(id)).body.state).toBe('done');
    expect(['sunshine', 'beyond'].filter((name) => textOf(id).includes(name))).toEqual(['sunshine']);
  });

  it('ends as failed if its auditor is none any more, whatever else they are', async () => {
    const id = await ordered(body('police'));
    await city.registry.removeGrant(`${ISSUER}|auditor`);
    await grantTo(city.registry, 'auditor', { role: 'officer', department: 'health', division: '3212' });
    await makeExport(city.making, id, LATER);
    expect(city.jobs.kept.get(id)).toMatchObject({ state: 'failed', reason: 'forbidden' });
  });
});

describe('an order', () => {
  it.each([
    [{ of: 'retention', format: 'csv' }],
    [{ ...all, facility: 'sunshine' }],
    [{ ...all, department: 'police' }],
    [{ of: 'department', division: '3212', format: 'xlsx' }],
    [{ of: 'department', department: 'police', division: '3212', format: 'csv' }],
    [{ ...all, of: 'everything' }],
  ])('that is not one is refused: %o', async (body) => {
    expect((await order(body)).status).toBe(422);
  });

  it('of what the role does not read is refused', async () => {
    expect((await order(all, 'fire')).status).toBe(403);
    expect((await order({ ...all, division: '3202' })).status).toBe(403);
    expect((await order({ ...all, from: '2026-01-01' })).status).toBe(400);
  });
});
