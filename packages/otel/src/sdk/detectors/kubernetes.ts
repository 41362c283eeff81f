import type { Found, Surroundings } from './surroundings.ts';

const namespaceFile = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/**
 * Pod, namespace, node and the rest from variables that the downward API sets under one of the usual names; the
 * namespace else from the service account, the pod else from the host name, which is the pod's.
 */
export function detectKubernetes({ env, read }: Surroundings): Found {
  const first = (...names: string[]) => names.map((name) => env[name]).find((value) => value);
  return {
    'k8s.pod.name': first('K8S_POD_NAME', 'POD_NAME', 'MY_POD_NAME', 'HOSTNAME'),
    'k8s.pod.uid': first('K8S_POD_UID', 'POD_UID', 'MY_POD_UID'),
    'k8s.namespace.name':
      first('K8S_NAMESPACE_NAME', 'K8S_NAMESPACE', 'POD_NAMESPACE', 'MY_POD_NAMESPACE', 'NAMESPACE') ??
      read(namespaceFile),
    'k8s.node.name': first('K8S_NODE_NAME', 'NODE_NAME', 'MY_NODE_NAME'),
    'k8s.container.name': first('K8S_CONTAINER_NAME', 'CONTAINER_NAME'),
    'k8s.deployment.name': first('K8S_DEPLOYMENT_NAME'),
    'k8s.cluster.name': first('K8S_CLUSTER_NAME', 'CLUSTER_NAME'),
  };
}
