import { describe, expect, it } from 'vitest';
import {
  EnvironmentError,
  json,
  list,
  readEnvironment,
  text,
  topicArns,
  topicVariables,
} from '../../../shared/runtime/environment.ts';

describe('the environment of a function', () => {
  it('is read as declared', () => {
    const environment = { TABLE: ' vitals ', AUTHORITIES: 'a.example.com, b.example.com,', ISSUERS: '[1]' };
    expect(readEnvironment(environment, { TABLE: text, AUTHORITIES: list, ISSUERS: json(Array.isArray) })).toEqual({
      TABLE: 'vitals',
      AUTHORITIES: ['a.example.com', 'b.example.com'],
      ISSUERS: true,
    });
  });

  it('stops the start with every fault at once', () => {
    const read = () => readEnvironment({ A: '', C: ',', D: '{' }, { A: text, B: text, C: list, D: json(String) });
    expect(read).toThrow(EnvironmentError);
    expect(read).toThrow(/A is missing; B is missing; C must name at least one entry; D .*JSON/);
  });

  it('names the six topics', () => {
    const environment = Object.fromEntries(Object.keys(topicVariables).map((name) => [name, `arn-of-${name}`]));
    expect(topicArns(readEnvironment(environment, topicVariables))).toEqual({
      police: 'arn-of-TOPIC_POLICE',
      fire: 'arn-of-TOPIC_FIRE',
      emergency: 'arn-of-TOPIC_EMERGENCY',
      health: 'arn-of-TOPIC_HEALTH',
      supervision: 'arn-of-TOPIC_SUPERVISION',
      facility: 'arn-of-TOPIC_FACILITY',
    });
  });
});
