import { type Json, Template } from './template.ts';

/** A template with one more role, as a careless spec would make it. */
export const withPlanted = (template: Template, statement: Json): Template => {
  const json = JSON.parse(template.text) as { Resources: Record<string, Json> };
  const trust = { Statement: [] };
  const Policies = [{ PolicyName: 'rights', PolicyDocument: { Statement: [statement] } }];
  json.Resources.Planted = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust, Policies } };
  return new Template(JSON.stringify(json));
};
