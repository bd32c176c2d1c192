import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { checkKnown } from './check-template.ts';
import { type ClockSetting, type ClockState, clockFrom, realClock, shownBy } from './clock.ts';
import { type KeptHere, startEngineProxy } from './engine-proxy.ts';
import { createResources, type OperatorClients, operatorClients, startEngine } from './engines.ts';
import { type EventSources, type Fed, startEventSources } from './event-sources.ts';
import type { Feed } from './feed.ts';
import { type Invoked, type LocalFunction, startFunction } from './functions.ts';
import { startHttpApi } from './http-api.ts';
import { readModel } from './model.ts';
import { localAdministrator, localAudience, startIssuer } from './oidc.ts';
import type { FunctionSpec } from './read-functions.ts';
import { attributesOn } from './resources.ts';
import type { RunningStack } from './running.ts';
import { isNamed, startSchedule } from './schedule.ts';
import { openVault } from './secrets.ts';
import { openSigningKeys } from './signing-keys.ts';
import {
  isObject,
  type JsonObject,
  listAt,
  loadTemplate,
  localAccount,
  objectAt,
  resolveTemplate,
  TemplateError,
  textAt,
} from './template.ts';

export interface LocalStackOptions {
  readonly assemblyDir: string;
  readonly templatePath: string;
  /** Where tables, queues, buckets and the issuer's key are kept; without it everything is in memory. */
  readonly dataDir?: string;
  /** Port of the API; 0, the default, takes a free one. */
  readonly port?: number;
  /** Values of the template's parameters over the ones this machine gives (authorities, issuer, administrator). */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Tests only: the functions' `Date` is replaced and may be shifted later with `setClock`. */
  readonly clock?: ClockSetting;
  /** Whether rules fire by real time (`running`, the default) or only by `fire`. */
  readonly schedules?: 'running' | 'by-hand';
  /** Whether queues feed their functions by themselves, or only by `drain`; left out: as `schedules`. */
  readonly eventSources?: 'running' | 'by-hand';
  /** Tests only: values of channels' secrets by name, before those of the data folder. */
  readonly channelSecrets?: Readonly<Record<string, string>>;
  readonly onFeed?: Feed;
  /** Hears when an engine dies by itself: nothing works after that. */
  readonly onDeath?: (reason: string) => void;
  /** What has to be there before any rule fires and any queue feeds its function. */
  readonly beforeItRuns?: (before: BeforeItRuns) => Promise<void>;
}

/** The stack when everything is there and nothing happens by itself yet. */
export interface BeforeItRuns extends Pick<LocalStack, 'url' | 'clients' | 'functionNamed' | 'now'> {
  /** The engines, for clients of the operator that the stack has none of. */
  readonly engines: string;
  /** A second instance of a function, with the rights of the first and a clock of its own. Stop it after use. */
  copyWithClock(name: string, atMs: number): LocalFunction;
}

export interface LocalStack {
  readonly url: string;
  readonly issuer: string;
  /** What other commands need to find it. */
  readonly running: RunningStack;
  readonly clients: OperatorClients;
  readonly functions: ReadonlyMap<string, LocalFunction>;
  /** Physical names of the template's resources by kind, for tests that look behind the public API. */
  readonly names: {
    readonly tables: readonly string[];
    readonly topics: readonly string[];
    readonly queues: readonly string[];
    readonly buckets: readonly string[];
  };
  /** A function by logical id, name or service name (`watch`). */
  functionNamed(name: string): LocalFunction;
  /** Fires a rule, or the rules of a function, by hand, and waits until its functions have ended. */
  fire(ruleOrFunction: string): Promise<readonly Invoked[]>;
  /** Feeds a function, or every one, from its queues by hand, until they have nothing more to give. */
  drain(functionName?: string): Promise<readonly Fed[]>;
  setClock(setting: ClockSetting): void;
  now(): number;
  tokenFor(subject: string): Promise<string>;
  /** Loads every function that nobody has called yet; what hinders any, by logical id; empty when all are ready. */
  loaded(): Promise<ReadonlyMap<string, string>>;
  stop(): Promise<void>;
}

/** Adds this machine's own value to a parameter that already has a default: a comma list, or a JSON array. */
const joined = (template: JsonObject, name: string, own: string): Record<string, string> => {
  const parameter = objectAt(template, 'Parameters')[name];
  if (!isObject(parameter)) return {};
  const given = textAt(parameter, 'Default')?.trim() ?? '';
  if (own.startsWith('[')) return { [name]: given.length <= 2 ? own : `${given.slice(0, -1)},${own.slice(1)}` };
  return { [name]: given === '' ? own : `${given},${own}` };
};

const partitionKeyOf = (table: JsonObject): string | undefined => {
  const [key] = listAt(table, 'KeySchema').filter((it) => isObject(it) && it.KeyType === 'HASH');
  return isObject(key) ? textAt(key, 'AttributeName') : undefined;
};

/** The port that the issuer had is asked for again: tokens and grants name its address. */
const rememberedPort = (file: string | undefined): number => {
  if (file === undefined || !existsSync(file)) return 0;
  const port = Number(readFileSync(file, 'utf8'));
  return Number.isInteger(port) ? port : 0;
};

/**
 * Runs the synthesized template on this machine. Every step undoes itself if a later one fails, so that a start that
 * stops leaves no thread and no port behind.
 */
export const startLocalStack = async (options: LocalStackOptions): Promise<LocalStack> => {
  const feed: Feed = options.onFeed ?? (() => undefined);
  const { template, assetFolders } = loadTemplate(options.assemblyDir, options.templatePath);
  let clock: ClockState = options.clock === undefined ? realClock : clockFrom(options.clock);
  const now = () => shownBy(clock);
  const dataAt = (name: string) => (options.dataDir === undefined ? undefined : path.join(options.dataDir, name));
  if (options.dataDir !== undefined) mkdirSync(options.dataDir, { recursive: true });

  const undo: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const onDeath = (reason: string): void => {
    feed({ kind: 'fault', message: reason });
    options.onDeath?.(reason);
  };

  try {
    // Names and keys of tables depend on no port, so a template that cannot run is refused before anything starts.
    const resourcesAt = (endpoint: string, parameters: Readonly<Record<string, string>>) => {
      const resources = resolveTemplate(
        template,
        parameters,
        attributesOn(() => endpoint),
      );
      checkKnown(resources);
      return resources;
    };
    const draft = readModel(resourcesAt('http://127.0.0.1', options.parameters ?? {}));

    const order = { region: localAccount.region, tables: draft.tables };
    // Each is told to stop as soon as it runs: if one refuses, the other must not be left behind.
    const begin = async (engine: 'tables' | 'emulator') => {
      const started = await startEngine({ ...order, engine, dataDir: dataAt(engine) }, onDeath);
      undo.push(started.stop);
      return started;
    };
    const begun = await Promise.allSettled([begin('tables'), begin('emulator')]);
    for (const it of begun) if (it.status === 'rejected') throw it.reason;
    const [tables, emulator] = begun.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
    if (tables === undefined || emulator === undefined) throw new Error('an engine is missing');
    const vault = openVault(draft.secrets, options.dataDir, options.channelSecrets);
    const here: KeptHere = {
      vault,
      signingKeys: openSigningKeys(draft.signingKeys, options.dataDir),
      lockedBuckets: new Set(draft.lockedBuckets),
      bucketDenials: draft.bucketDenials,
      now,
    };
    const proxy = await startEngineProxy({ tablePort: tables.port, emulatorPort: emulator.port }, here, feed);
    undo.push(proxy.stop);
    const clients = operatorClients(proxy.url);
    undo.push(() => {
      for (const client of Object.values(clients)) client.destroy();
    });

    const portFile = dataAt('issuer-port');
    const issuer = await startIssuer(dataAt('issuer-key.json'), rememberedPort(portFile), now);
    undo.push(issuer.stop);
    if (portFile !== undefined) writeFileSync(portFile, new URL(issuer.url).port);

    const functions = new Map<string, LocalFunction>();
    const api = await startHttpApi({ routes: draft.routes, functions, port: options.port ?? 0, now, feed });
    undo.push(api.stop);

    const parameters = {
      ...joined(template, 'Authorities', `127.0.0.1:${api.port},localhost:${api.port}`),
      ...joined(
        template,
        'OidcIssuers',
        JSON.stringify([
          { issuer: issuer.url, audience: localAudience, jwksUri: `${issuer.url}/jwks`, algorithms: ['RS256'] },
        ]),
      ),
      ...joined(template, 'Administrators', `${issuer.url}|${localAdministrator}`),
      ...('PublicUrl' in objectAt(template, 'Parameters') ? { PublicUrl: api.url } : {}),
      ...options.parameters,
    };
    const model = readModel(resourcesAt(proxy.url, parameters));
    await createResources(clients, model);
    const partitionKeys = new Map(model.tables.map((table) => [String(table.TableName), partitionKeyOf(table)]));
    proxy.setRights(new Map(model.functions.map((spec) => [spec.logicalId, spec.statements])), {
      keyOfTopic: (topicArn) => model.topics.get(topicArn.split(':').at(-1) ?? ''),
      partitionKeyOf: (table) => partitionKeys.get(table),
    });
    const urlOf = (queue: string): string => `${proxy.url}/${localAccount.accountId}/${queue}`;

    const giveAway = async (spec: FunctionSpec, event: unknown, error: string): Promise<void> => {
      const queue = spec.failedEventsQueueArn?.split(':').at(-1);
      if (queue === undefined) return;
      const body = JSON.stringify({ requestPayload: event, responsePayload: { errorMessage: error } });
      await clients.sqs.send(new SendMessageCommand({ QueueUrl: urlOf(queue), MessageBody: body }));
    };
    const startWith = (spec: FunctionSpec, itsClock: ClockState | undefined): LocalFunction => {
      const folder = assetFolders.get(spec.assetKey);
      if (folder === undefined)
        throw new TemplateError(spec.logicalId, `its asset ${spec.assetKey} is not in the assembly`);
      const secretKey = proxy.secretKeyOf(spec.logicalId);
      return startFunction(spec, { folder, endpoint: proxy.url, secretKey, feed, clock: itsClock, giveAway });
    };
    const functionNamed = (name: string): LocalFunction => {
      const found = [...functions.values()].find((it) => isNamed(it, name));
      if (found === undefined) throw new TemplateError(name, 'is not a function of this template');
      return found;
    };
    for (const spec of model.functions) {
      const started = startWith(spec, options.clock === undefined ? undefined : clock);
      functions.set(spec.logicalId, started);
      undo.push(started.stop);
    }
    // The gateway is closed before the functions are, so that a request in flight still finds its function.
    undo.push(api.stop);
    await options.beforeItRuns?.({
      url: api.url,
      engines: proxy.url,
      clients,
      now,
      functionNamed,
      copyWithClock: (name, atMs) => startWith(functionNamed(name).spec, clockFrom({ atMs })),
    });
    const schedule = startSchedule({ rules: model.rules, functions, mode: options.schedules ?? 'running', now });
    undo.push(schedule.stop);
    const sources: EventSources = startEventSources({
      sources: model.eventSources,
      functions,
      sqs: clients.sqs,
      urlOf,
      mode: options.eventSources ?? options.schedules ?? 'running',
      feed,
    });
    undo.push(sources.stop);

    return {
      url: api.url,
      issuer: issuer.url,
      running: { url: api.url, issuer: issuer.url, pid: process.pid, engines: proxy.url },
      clients,
      functions,
      names: {
        tables: model.tables.map((table) => String(table.TableName)),
        topics: [...model.topics.keys()],
        queues: model.queues.map(({ name }) => name),
        buckets: model.buckets,
      },
      functionNamed,
      fire: schedule.fire,
      drain: sources.drain,
      setClock(setting) {
        if (options.clock === undefined)
          throw new Error('the clock can be set only in a stack that was started with one');
        clock = clockFrom(setting);
        for (const started of functions.values()) started.setClock(clock);
      },
      now,
      tokenFor: issuer.tokenFor,
      async loaded() {
        const reasons = await Promise.all(
          [...functions].map(async ([id, started]) => [id, await started.loaded()] as const),
        );
        return new Map(reasons.flatMap(([id, reason]) => (reason === undefined ? [] : [[id, reason] as const])));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};
