/**
 * Stands in for the SDK's event streams in a bundle. Every client carries the codec (20 KB); only a few operations, such
 * as S3's `SelectObjectContent`, answer with such a stream, and no function calls one. One that did would fail here, at
 * its first call, not send or read half an answer.
 */
export const eventStreamSerdeProvider = (): never => {
  throw new Error('the bundles hold no event streams: see infra/bundle.ts');
};

/** Called while a client is made; without a stream there is nothing to prepare. */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;
