import { type Known, knownTypes } from './substitutions.ts';
import { isObject, type Json, type Resource, TemplateError } from './template.ts';

const unknownIn = (value: Json, known: Known, at: string): string[] => {
  if (known === 'used' || 'ignored' in known) return [];
  if (Array.isArray(value)) return value.flatMap((entry, index) => unknownIn(entry, known, `${at}.${index}`));
  if (!isObject(value)) return [`${at} is not an object`];
  return Object.entries(value).flatMap(([key, entry]) => {
    const inner = known.fields[key];
    return inner === undefined ? [`property ${at}.${key} is unknown`] : unknownIn(entry, inner, `${at}.${key}`);
  });
};

const faultsOf = (resource: Resource): string[] => {
  const known = knownTypes[resource.type];
  if (known === undefined) return [`resource type ${resource.type} is unknown`];
  return Object.entries(resource.properties).flatMap(([key, value]) => {
    const property = known[key];
    return property === undefined
      ? [`property ${key} of ${resource.type} is unknown`]
      : unknownIn(value, property, key);
  });
};

/**
 * Fails closed: what this machine does not know is named and stops the start, so that nothing is silently left out
 * here that the cloud would do.
 */
export const checkKnown = (resources: readonly Resource[]): void => {
  const faulty = resources
    .map((resource) => ({ resource, faults: faultsOf(resource) }))
    .filter((it) => it.faults.length > 0);
  const first = faulty[0];
  if (first === undefined) return;
  const all = faulty.map(({ resource, faults }) => `${resource.logicalId}: ${faults.join('; ')}`);
  throw new TemplateError(
    first.resource.logicalId,
    `${first.faults.join('; ')} on this machine (add it to infra/local, used or ignored with its reason)${
      all.length > 1 ? `; also ${all.slice(1, 10).join(' | ')}` : ''
    }`,
  );
};
