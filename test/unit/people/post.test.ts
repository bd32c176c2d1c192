import { describe, expect, it } from 'vitest';
import { type Addressee, postsFor } from '../../../shared/domain/people/post.ts';
import { postId } from '../../../shared/domain/people/roster.ts';

const of = (more: Partial<Addressee>): string[] =>
  postsFor({
    department: 'police',
    division: '321202001002',
    facilityId: 'sunflower',
    level: 'city',
    lane: 'technical',
    ...more,
  }).map(postId);

describe('which posts may answer', () => {
  it('the facility: its own, whatever the level', () => {
    for (const level of ['facility', 'city'] as const) {
      expect(of({ department: 'facility', level })).toEqual(['facility~sunflower']);
    }
  });

  it('life safety: the nearest people first, at any level', () => {
    for (const level of ['facility', 'town', 'city'] as const) {
      expect(of({ lane: 'life-safety', level })).toEqual([
        'police~321202001002',
        'police~321202001',
        'police~321202',
        'police~3212',
        'police~32',
      ]);
    }
  });

  it.each([
    ['town', ['321202001', '321202', '3212', '32', '321202001002']],
    ['district', ['321202', '3212', '32', '321202001', '321202001002']],
    ['city', ['3212', '32', '321202', '321202001', '321202001002']],
    ['facility', ['321202001002', '321202001', '321202', '3212', '32']],
  ] as const)('a technical notice at level %s: those of the level, then above, then nearer', (level, places) => {
    expect(of({ level })).toEqual(places.map((place) => `police~${place}`));
  });

  it('no post is more exact than the division itself', () => {
    expect(of({ division: '321202', level: 'town' })).toEqual(['police~321202', 'police~3212', 'police~32']);
    expect(of({ division: '321202001', lane: 'life-safety' })[0]).toBe('police~321202001');
  });
});
