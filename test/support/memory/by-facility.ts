/** A map whose entries are found by their facility without looking at all: ten thousand may fall silent in one test. */
export class ByFacility<T extends { readonly facilityId: string }> extends Map<string, T> {
  readonly #keys = new Map<string, Set<string>>();

  override set(key: string, value: T): this {
    const keys = this.#keys.get(value.facilityId) ?? new Set();
    this.#keys.set(value.facilityId, keys.add(key));
    return super.set(key, value);
  }

  /** In no order. */
  of(facilityId: string): readonly (readonly [string, T])[] {
    const found = [...(this.#keys.get(facilityId) ?? [])].map((key) => [key, this.get(key)] as const);
    return found.filter((entry): entry is readonly [string, T] => entry[1] !== undefined);
  }
}
