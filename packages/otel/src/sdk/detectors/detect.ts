import type { Settings } from '../../config/read.ts';
import type * as Clouds from './clouds.ts';
import { detectContainer } from './container.ts';
import type * as Kubernetes from './kubernetes.ts';
import { detectHost, detectOs, detectProcess, detectServiceInstance } from './local.ts';
import type { Found, Surroundings } from './surroundings.ts';

type Name = Settings['service']['detectors'][number];
type Detector = (surroundings: Surroundings) => Found;

const clouds = () => require('./clouds.js') as typeof Clouds;
const kubernetes = () => require('./kubernetes.js') as typeof Kubernetes;

/** In order: a later one's attributes go before an earlier one's. `any`: variables that say that there is something to detect, without one the code is not even loaded. */
const detectors: readonly { name: Name; any?: readonly string[]; detect: Detector }[] = [
  { name: 'host', detect: detectHost },
  { name: 'os', detect: detectOs },
  { name: 'process', detect: detectProcess },
  { name: 'serviceinstance', detect: detectServiceInstance },
  { name: 'container', detect: detectContainer },
  { name: 'k8s', any: ['KUBERNETES_SERVICE_HOST'], detect: (around) => kubernetes().detectKubernetes(around) },
  {
    name: 'aws',
    any: ['AWS_LAMBDA_FUNCTION_NAME', 'AWS_EXECUTION_ENV', 'ECS_CONTAINER_METADATA_URI_V4', 'AWS_ROLE_ARN'],
    detect: (around) => clouds().detectAws(around),
  },
  { name: 'gcp', any: ['K_SERVICE', 'CLOUD_RUN_JOB', 'GAE_SERVICE'], detect: (around) => clouds().detectGcp(around) },
  { name: 'azure', any: ['WEBSITE_SITE_NAME', 'CONTAINER_APP_NAME'], detect: (around) => clouds().detectAzure(around) },
  { name: 'heroku', any: ['HEROKU_APP_ID'], detect: (around) => clouds().detectHeroku(around) },
];

/** What the chosen detectors find, without what they don't. */
export function detect(names: readonly Name[], around: Surroundings): Record<string, string | number> {
  const found: Record<string, string | number> = {};
  for (const { name, any, detect: run } of detectors) {
    if (!names.includes('all') && !names.includes(name)) continue;
    if (any !== undefined && !any.some((variable) => around.env[variable])) continue;
    for (const [key, value] of Object.entries(run(around))) {
      if (value !== undefined && value !== '') found[key] = value;
    }
  }
  return found;
}
