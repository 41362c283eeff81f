import type { Found, Surroundings } from './surroundings.ts';

/** AWS Lambda, ECS, App Runner and EKS (with a role for its service account). */
export function detectAws({ env }: Surroundings): Found {
  const shared = {
    'cloud.provider': 'aws',
    'cloud.region': env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'],
    'cloud.account.id': /^arn:aws[\w-]*:iam::(\d{12}):/.exec(env['AWS_ROLE_ARN'] ?? '')?.[1],
  };
  if (env['AWS_LAMBDA_FUNCTION_NAME']) {
    const megabytes = Number(env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE']);
    return {
      ...shared,
      'cloud.platform': 'aws_lambda',
      'faas.name': env['AWS_LAMBDA_FUNCTION_NAME'],
      'faas.version': env['AWS_LAMBDA_FUNCTION_VERSION'],
      'faas.instance': env['AWS_LAMBDA_LOG_STREAM_NAME'],
      'faas.max_memory': megabytes > 0 ? megabytes * 1_048_576 : undefined,
      'aws.log.group.names': env['AWS_LAMBDA_LOG_GROUP_NAME'],
    };
  }
  return { ...shared, 'cloud.platform': awsPlatform(env) };
}

function awsPlatform(env: NodeJS.ProcessEnv): string | undefined {
  if (env['ECS_CONTAINER_METADATA_URI_V4'] || env['AWS_EXECUTION_ENV']?.startsWith('AWS_ECS')) return 'aws_ecs';
  if (env['AWS_EXECUTION_ENV']?.startsWith('AWS_AppRunner')) return 'aws_app_runner';
  return env['KUBERNETES_SERVICE_HOST'] ? 'aws_eks' : undefined;
}

/** Google Cloud Run (services, jobs and functions) and App Engine. */
export function detectGcp({ env }: Surroundings): Found {
  const shared = {
    'cloud.provider': 'gcp',
    'cloud.account.id': env['GOOGLE_CLOUD_PROJECT'] ?? env['GCP_PROJECT'],
    'cloud.region': env['GOOGLE_CLOUD_REGION'] ?? env['FUNCTION_REGION'],
  };
  if (env['GAE_SERVICE']) {
    return {
      ...shared,
      'cloud.platform': 'gcp_app_engine',
      'faas.name': env['GAE_SERVICE'],
      'faas.version': env['GAE_VERSION'],
      'faas.instance': env['GAE_INSTANCE'],
    };
  }
  return {
    ...shared,
    'cloud.platform': env['FUNCTION_TARGET'] ? 'gcp_cloud_functions' : 'gcp_cloud_run',
    'faas.name': env['K_SERVICE'] ?? env['CLOUD_RUN_JOB'],
    'faas.version': env['K_REVISION'],
    'gcp.cloud_run.job.execution': env['CLOUD_RUN_EXECUTION'],
  };
}

/** Azure App Service, Functions and Container Apps. */
export function detectAzure({ env }: Surroundings): Found {
  const shared = { 'cloud.provider': 'azure', 'cloud.region': env['REGION_NAME'] };
  if (env['CONTAINER_APP_NAME']) {
    return {
      ...shared,
      'cloud.platform': 'azure.container_apps',
      'faas.name': env['CONTAINER_APP_NAME'],
      'faas.version': env['CONTAINER_APP_REVISION'],
      'faas.instance': env['CONTAINER_APP_REPLICA_NAME'],
    };
  }
  const isFunctions = env['FUNCTIONS_EXTENSION_VERSION'] !== undefined;
  return {
    ...shared,
    'cloud.platform': isFunctions ? 'azure.functions' : 'azure.app_service',
    'cloud.account.id': env['WEBSITE_OWNER_NAME']?.split('+', 1)[0],
    'faas.name': isFunctions ? env['WEBSITE_SITE_NAME'] : undefined,
    'host.id': env['WEBSITE_HOSTNAME'],
    'deployment.environment.name': env['WEBSITE_SLOT_NAME'],
  };
}

/** Heroku, whose application names itself with the dyno metadata switched on. */
export function detectHeroku({ env }: Surroundings): Found {
  return {
    'cloud.provider': 'heroku',
    'heroku.app.id': env['HEROKU_APP_ID'],
    'heroku.release.commit': env['HEROKU_BUILD_COMMIT'] ?? env['HEROKU_SLUG_COMMIT'],
    'heroku.release.creation_timestamp': env['HEROKU_RELEASE_CREATED_AT'],
  };
}
