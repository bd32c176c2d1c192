import { matchesWildcard } from '../../../infra/local/rights.ts';
import { at, type Json, list, type Resource, type Template } from './template.ts';

/** One statement of one role, as IAM would read it. */
export interface RoleStatement {
  /** Logical id of the role. */
  readonly role: string;
  /** Names of the functions that have the role. */
  readonly functions: readonly string[];
  readonly raw: Json;
}

/** An intrinsic value as one text: whatever is only known when it is deployed stands in angle brackets. */
export const flat = (value: Json | undefined): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  const joined = at(value, 'Fn::Join');
  if (joined !== undefined)
    return list(list(joined)[1])
      .map(flat)
      .join(String(list(joined)[0]));
  const got = at(value, 'Fn::GetAtt');
  return got === undefined ? `<${String(at(value, 'Ref'))}>` : `<${list(got).join('.')}>`;
};

const documentsOf = (resource: Resource): readonly (Json | undefined)[] =>
  resource.Type === 'AWS::IAM::Role'
    ? list(at(resource.Properties, 'Policies')).map((policy) => at(policy, 'PolicyDocument'))
    : [at(resource.Properties, 'PolicyDocument')];

/** Every statement of every role, user, group and policy of the template, whatever it hangs on. */
export const roleStatements = (template: Template): readonly RoleStatement[] => {
  const functionsOf = (role: string): readonly string[] =>
    template
      .ofType('AWS::Lambda::Function')
      .filter((each) => at(each.Properties, 'Role.Fn::GetAtt.0') === role)
      .map((each) => String(at(each.Properties, 'Environment.Variables.POWERTOOLS_SERVICE_NAME')));
  return template.resources
    .filter(({ Type }) => Type.startsWith('AWS::IAM::'))
    .flatMap((resource) =>
      documentsOf(resource)
        .flatMap((document) => list(at(document, 'Statement')))
        .map((raw) => ({ role: resource.id, functions: functionsOf(resource.id), raw })),
    );
};

/** Conditions are left out of account: what is allowed under any condition is allowed. */
export const allows = ({ raw }: Pick<RoleStatement, 'raw'>, action: string, resources: readonly string[]): boolean => {
  if (at(raw, 'Effect') !== 'Allow') return false;
  const named = (key: string): readonly string[] => list(at(raw, key)).map(flat);
  const isAction = (pattern: string): boolean => matchesWildcard(pattern, action, true);
  const isResource = (pattern: string): boolean => resources.some((resource) => matchesWildcard(pattern, resource));
  if (at(raw, 'NotAction') !== undefined ? named('NotAction').some(isAction) : !named('Action').some(isAction)) {
    return false;
  }
  // Whatever is not excluded by its name is meant, under another name of the same thing too.
  return at(raw, 'NotResource') !== undefined || named('Resource').some(isResource);
};

/** The functions (or roles without one) that may do this to that; a role without a function is named by its id. */
export const whoMay = (template: Template, action: string, resources: readonly string[]): readonly string[] => {
  const holders = roleStatements(template)
    .filter((statement) => allows(statement, action, resources))
    .flatMap(({ role, functions }) => (functions.length > 0 ? functions : [`role ${role}`]));
  return [...new Set(holders)].toSorted();
};
