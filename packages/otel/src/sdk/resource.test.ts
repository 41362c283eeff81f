import { describe, expect, it } from 'vitest';
import { readSettings } from '../config/read.ts';
import { detectAws, detectAzure, detectGcp, detectHeroku } from './detectors/clouds.ts';
import { detectContainer } from './detectors/container.ts';
import { detectKubernetes } from './detectors/kubernetes.ts';
import { createResource } from './resource.ts';

const containerId = 'a1b2'.repeat(16);

function around(env: Record<string, string>, files: Record<string, string> = {}) {
  return { env, read: (path: string) => files[path] };
}

function attributes(env: Record<string, string>, files: Record<string, string> = {}) {
  const { service } = readSettings(env, {}, (line) => expect.unreachable(line));
  return createResource(service, '/app/dist/server.js', around(env, files)).attributes;
}

describe('the service', () => {
  it('has name and version of the nearest package.json that has a name', () => {
    const files = {
      '/app/dist/package.json': '{"type":"commonjs"}',
      '/app/package.json': '{"name":"shop","version":"1.2.3"}',
    };
    expect(attributes({}, files)).toMatchObject({ 'service.name': 'shop', 'service.version': '1.2.3' });
    const env = { OTEL_SERVICE_NAME: 'own', OTEL_RESOURCE_ATTRIBUTES: 'service.version=9,service.instance.id=one' };
    expect(attributes(env, files)).toMatchObject({
      'service.name': 'own',
      'service.version': '9',
      'service.instance.id': 'one',
    });
  });

  it.each(['', '{', '[]', 'null', '{"name":7}'])('has no name of a package.json that is %j', (text) => {
    expect(attributes({}, { '/app/package.json': text })['service.name']).toBe('unknown_service:node');
  });
});

describe('detectors', () => {
  it('find host, system and process, and an instance ID of its own each time', () => {
    const found = attributes({}, { '/etc/machine-id': 'machine-1' });
    expect(found).toMatchObject({
      'host.id': 'machine-1',
      'host.name': expect.any(String),
      'host.arch': expect.any(String),
      'os.type': process.platform,
      'process.pid': process.pid,
      'process.runtime.version': process.versions.node,
      'telemetry.sdk.language': 'nodejs',
    });
    expect(found['service.instance.id']).not.toBe(attributes({})['service.instance.id']);
    expect(Object.keys(found).filter((key) => /^(?:cloud|k8s|container|faas)\./.test(key))).toEqual([]);
  });

  it('are those that the variable chooses', () => {
    const keys = (value: string) =>
      Object.keys(attributes({ OTEL_NODE_RESOURCE_DETECTORS: value })).filter(
        (key) => !/^(?:telemetry|service)\./.test(key),
      );
    expect(keys('none')).toEqual([]);
    expect(keys('os').toSorted()).toEqual(['os.type', 'os.version']);
    expect(attributes({ OTEL_NODE_RESOURCE_DETECTORS: 'os' })['service.instance.id']).toBeUndefined();
  });

  it.each([
    ['version 1', { '/proc/self/cgroup': `12:cpu:/docker/${containerId}` }],
    ['systemd', { '/proc/self/cgroup': `0::/system.slice/docker-${containerId}.scope` }],
    ['Kubernetes', { '/proc/self/cgroup': `1:x:/kubepods/burstable/pod1-2/cri-containerd-${containerId}.scope` }],
    [
      'version 2',
      {
        '/proc/self/cgroup': '0::/',
        '/proc/self/mountinfo': `1 2 0:1 /var/lib/docker/containers/${containerId}/hostname /etc/hostname rw`,
      },
    ],
  ])('find the container, control groups %s', (_name, files) => {
    expect(detectContainer(around({}, files))).toEqual({ 'container.id': containerId });
  });

  it('find no container where there is none', () => {
    expect(detectContainer(around({}, { '/proc/self/cgroup': '0::/user.slice/session-2.scope' }))).toEqual({
      'container.id': undefined,
    });
  });

  it('find Kubernetes by the downward API and the service account', () => {
    const files = { '/var/run/secrets/kubernetes.io/serviceaccount/namespace': 'crm' };
    const env = { HOSTNAME: 'shop-5d-x', POD_UID: 'u-1', NODE_NAME: 'node-7' };
    expect(detectKubernetes(around(env, files))).toMatchObject({
      'k8s.pod.name': 'shop-5d-x',
      'k8s.pod.uid': 'u-1',
      'k8s.node.name': 'node-7',
      'k8s.namespace.name': 'crm',
    });
    expect(detectKubernetes(around({ ...env, K8S_POD_NAME: 'pod', POD_NAMESPACE: 'n' }, files))).toMatchObject({
      'k8s.pod.name': 'pod',
      'k8s.namespace.name': 'n',
    });
  });

  it.each([
    [
      detectAws,
      { AWS_LAMBDA_FUNCTION_NAME: 'f', AWS_REGION: 'sa-east-1', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128' },
      { 'cloud.platform': 'aws_lambda', 'cloud.region': 'sa-east-1', 'faas.name': 'f', 'faas.max_memory': 134_217_728 },
    ],
    [detectAws, { ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4' }, { 'cloud.platform': 'aws_ecs' }],
    [
      detectAws,
      { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/r', KUBERNETES_SERVICE_HOST: '10.0.0.1' },
      { 'cloud.platform': 'aws_eks', 'cloud.account.id': '123456789012' },
    ],
    [detectGcp, { K_SERVICE: 's', K_REVISION: 'r' }, { 'cloud.platform': 'gcp_cloud_run', 'faas.version': 'r' }],
    [detectGcp, { GAE_SERVICE: 's' }, { 'cloud.platform': 'gcp_app_engine', 'faas.name': 's' }],
    [
      detectAzure,
      { WEBSITE_SITE_NAME: 's', WEBSITE_OWNER_NAME: 'subscription+group', REGION_NAME: 'Brazil South' },
      { 'cloud.platform': 'azure.app_service', 'cloud.account.id': 'subscription', 'cloud.region': 'Brazil South' },
    ],
    [detectAzure, { CONTAINER_APP_NAME: 'a' }, { 'cloud.platform': 'azure.container_apps', 'faas.name': 'a' }],
    [detectHeroku, { HEROKU_APP_ID: 'a' }, { 'cloud.provider': 'heroku', 'heroku.app.id': 'a' }],
  ] as const)('%o find a cloud by its variables alone', (detect, env, expected) => {
    expect(detect(around(env))).toMatchObject(expected);
  });
});
