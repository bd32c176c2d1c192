export const roleNames = ['officer', 'auditor', 'registrar', 'administrator', 'facility'] as const;
export type RoleName = (typeof roleNames)[number];

/** One role that a person holds. */
export interface Role {
  readonly role: RoleName;
  /** Category of the officer's department (the topic it answers for); absent for other roles. */
  readonly department?: 'police' | 'fire' | 'emergency' | 'health' | 'supervision';
  /** Division prefix of 2, 4, 6, 9 or 12 digits. Absent only for `administrator` and `facility`. */
  readonly division?: string;
  /** The one facility of role `facility`. */
  readonly facilityId?: string;
}

/** What the registry says about one person. `subject` is `<issuer>|<sub>`. */
export interface Grant {
  readonly subject: string;
  readonly version: number;
  readonly roles: readonly Role[];
}

/** A verified caller. */
export interface Person {
  /** `<issuer>|<sub>` of the token. */
  readonly subject: string;
  readonly roles: readonly Role[];
}
