import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import type { Settings } from '../config/read.ts';
import { RuleSampler } from './sampling-rules.ts';

type Name = Settings['traces']['sampler'];

const creators: Readonly<Record<Name, (share: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (share) => new TraceIdRatioBasedSampler(share),
  parentbased_always_on: () => new ParentBasedSampler({ root: new AlwaysOnSampler() }),
  parentbased_always_off: () => new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  parentbased_traceidratio: (share) => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
};

/** The sampler that the settings name, below the rules for incoming requests. */
export function createSampler({ sampler, samplerRatio = 1, samplingRules }: Settings['traces']): Sampler {
  const named = creators[sampler](samplerRatio);
  return samplingRules.length === 0 ? named : new RuleSampler(samplingRules, named);
}
