import { LONGEST_TYPED } from '../../../shared/contracts/answer-link.ts';
import {
  type AnswerLink,
  type LinkChoice,
  type LinkUse,
  linkSubject,
} from '../../../shared/domain/delivery/delivery.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import { type NoticeFacts, partsOf } from '../../../shared/domain/notices/notice-text.ts';
import { type Html, html } from '../../../shared/runtime/html.ts';
import { type Scene, timeAt } from '../scene.ts';
import { document, heading, paragraphs } from './layout.ts';
import { afterWords, both, choiceWords, formWords, pageWords, type Said, testWords } from './words.ts';

/** What a group's form had in it, and what is wrong with it. */
export interface Typed {
  readonly name: string;
  readonly unit: string;
  readonly faults: Readonly<Partial<Record<'name' | 'unit', Said>>>;
}

export const nothingTyped: Typed = { name: '', unit: '', faults: {} };

const isUrgent = ({ incident }: NoticeFacts): boolean =>
  incident.lane === 'life-safety' && incident.alarm?.kind !== 'test';

const whatOf = (facts: NoticeFacts): Said => both(partsOf(facts, 'zh').what, partsOf(facts, 'en').what);

/** What one needs before pressing: where, since when, what to do now. */
const firstFacts = ({ where, since, todo }: ReturnType<typeof partsOf>): Html => html`<p>${where}</p>
<p>${since}</p>
<p class="do">${todo}</p>`;

/** What one may read after it: what is known, who else was told, until when. */
const otherFacts = (
  facts: NoticeFacts,
  { known, told, answerBy }: ReturnType<typeof partsOf>,
): Html => html`<p>${known}</p>
<p>${told}</p>
<p>${answerBy}</p>
<p class="quiet">${facts.incident.id}</p>`;

const stateOf = ({ state }: Scene): Html => html`<div class="state" role="status">${paragraphs(state)}</div>`;

/**
 * The incident as far as it is known; only the form where there is none (a test) or it is no longer kept. The buttons come
 * before what may be read later, so that a phone shows them soon.
 */
const sceneParts = (scene: Scene | undefined, form: Html | undefined): readonly (Html | undefined)[] => {
  if (scene === undefined) return [form];
  const { facts } = scene;
  const [zh, en] = [partsOf(facts, 'zh'), partsOf(facts, 'en')];
  return [
    stateOf(scene),
    html`<section>${firstFacts(zh)}</section>`,
    form,
    html`<section>${otherFacts(facts, zh)}</section>`,
    html`<section lang="en"><h2>${en.what}</h2>${firstFacts(en)}${otherFacts(facts, en)}</section>`,
  ];
};

const button = (choice: LinkChoice, words: Said, isSecond: boolean): Html =>
  html`<button type="submit" name="choice" value="${choice}"${isSecond && html` class="second"`}>${heading(words)}</button>`;

const field = (name: 'name' | 'unit', autocomplete: string, { [name]: value, faults }: Typed): Html => {
  const fault = faults[name];
  const described = fault && html` aria-invalid="true" aria-describedby="${name}-fault"`;
  return html`<label for="${name}">${formWords[name].zh} <span lang="en">${formWords[name].en}</span></label>
${fault && html`<p class="fault" id="${name}-fault">${fault.zh} <span lang="en">${fault.en}</span></p>`}
<input id="${name}" name="${name}" value="${value}" maxlength="${LONGEST_TYPED}" autocomplete="${autocomplete}" required${described}>`;
};

const groupFields = (typed: Typed): Html => html`${paragraphs(formWords.who)}
${field('name', 'name', typed)}
${field('unit', 'organization', typed)}
${paragraphs(formWords.kept, 'quiet')}`;

/**
 * The key that ends a field presses the first button of a form, which would be "I see to it" of somebody who meant to say
 * that they cannot. One that is disabled makes it press none.
 */
const noButtonByKey = html`<input type="submit" disabled hidden>`;

const formOf = ({ group, test }: AnswerLink, choices: readonly LinkChoice[], isTest: boolean, typed: Typed): Html =>
  html`<form method="post" accept-charset="utf-8">
${group && !test && [noButtonByKey, groupFields(typed)]}
${choices.map((choice, at) => button(choice, isTest ? testWords : choiceWords[choice], at > 0))}
</form>`;

export interface OpenPage {
  readonly link: AnswerLink;
  readonly choices: readonly LinkChoice[];
  readonly scene: Scene | undefined;
  readonly typed?: Typed;
  /** What was chosen and cannot be any more. */
  readonly refused?: LinkChoice;
}

/** The page that asks. */
export const openPage = ({ link, choices, scene, typed = nothingTyped, refused }: OpenPage): string => {
  const isTest = link.test || scene?.facts.incident.alarm?.kind === 'test';
  const hasFaults = Object.keys(typed.faults).length > 0;
  const above = [
    hasFaults ? html`<div class="fault" role="alert">${paragraphs(formWords.mend)}</div>` : undefined,
    refused === undefined ? undefined : html`<div class="fault" role="alert">${paragraphs(pageWords.closedMore)}</div>`,
    link.test ? html`${paragraphs(pageWords.testMore)}` : undefined,
  ];
  const title = refused === undefined ? titleOf(link, scene) : pageWords.closed;
  return document({
    title,
    urgent: scene !== undefined && isUrgent(scene.facts),
    body: [...above, ...sceneParts(scene, formOf(link, choices, isTest, typed))],
  });
};

/** A link whose incident is no longer kept may still be noted. */
const titleOf = (link: AnswerLink, scene: Scene | undefined): Said => {
  if (link.test) return pageWords.test;
  return scene === undefined ? pageWords.closed : whatOf(scene.facts);
};

const choiceOf = (link: AnswerLink, use: LinkUse, scene: Scene | undefined): Said => {
  const { zh, en } = link.test ? testWords : choiceWords[use.choice];
  const at = timeAt(use.atMs, scene?.facts.facility);
  const unit = use.unit === undefined ? both('', '') : both(`（${use.unit}）`, ` (${use.unit})`);
  return both(`${at}：${zh}${unit.zh}`, `${at}: ${en}${unit.en}`);
};

const afterOf = (link: AnswerLink, { choice }: LinkUse, incident: Incident | undefined): Said => {
  if (link.test) return pageWords.testDone;
  if (choice === 'seen') return afterWords.noted;
  if (incident === undefined || incident.state === 'closed') return afterWords.closedMeanwhile;
  if (choice === 'pass-on') return afterWords.passedOn;
  if (incident.state === 'open') return afterWords.ranOut;
  const isOther = incident.answeredBy !== undefined && incident.answeredBy !== linkSubject(link.lookup);
  return isOther ? afterWords.takenByOther : afterWords.taken;
};

/** What was recorded, and what it changed. */
export const donePage = (link: AnswerLink, use: LinkUse, scene: Scene | undefined): string =>
  document({
    title: pageWords.done,
    body: [
      html`<div class="state" role="status">${paragraphs(choiceOf(link, use, scene))}</div>`,
      paragraphs(afterOf(link, use, scene?.facts.incident), 'do'),
      ...sceneParts(scene, undefined),
    ],
  });

/** The link answers once: what was said, and how it stands now. */
export const usedPage = (link: AnswerLink, use: LinkUse, scene: Scene | undefined): string =>
  document({
    title: pageWords.used,
    body: [
      html`<div class="state" role="status">${paragraphs(choiceOf(link, use, scene))}</div>`,
      paragraphs(pageWords.usedMore),
      ...sceneParts(scene, undefined),
    ],
  });

/** It was pressed, and we died before all of it was kept: the same button once more, and nothing else to fill in. */
export const unfinishedPage = (link: AnswerLink, use: LinkUse, scene: Scene | undefined): string =>
  document({
    title: pageWords.unfinished,
    body: [
      paragraphs(pageWords.unfinishedMore),
      ...sceneParts(scene, formOf({ ...link, group: false }, [use.choice], link.test, nothingTyped)),
    ],
  });

export const expiredPage = (scene: Scene | undefined): string =>
  document({
    title: pageWords.expired,
    body: [paragraphs(pageWords.expiredMore), ...sceneParts(scene, undefined)],
  });

const plain = (title: Said, more: Said): string => document({ title, body: [paragraphs(more, 'do')] });

export const unknownPage = (): string => plain(pageWords.unknown, pageWords.unknownMore);
export const troublePage = (): string => plain(pageWords.trouble, pageWords.troubleMore);
export const wrongPage = (): string => plain(pageWords.wrong, pageWords.wrongMore);
