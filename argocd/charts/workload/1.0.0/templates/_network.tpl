{{/* Rules of a NetworkPolicy's egress. */}}

{{- define "workload.egressToDns" -}}
- to:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: kube-system
      podSelector:
        matchLabels:
          k8s-app: kube-dns
  ports:
    - protocol: UDP
      port: 53
    - protocol: TCP
      port: 53
{{- end }}

{{/* The Pod Identity agent of the node, and AWS's services, whose addresses are not fixed. */}}
{{- define "workload.egressToAws" -}}
- to:
    - ipBlock:
        cidr: 169.254.170.23/32
  ports:
    - protocol: TCP
      port: 80
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except: [169.254.0.0/16]
  ports:
    - protocol: TCP
      port: 443
{{- end }}

{{/* The pods of a namespace: each workload has one of its own. */}}
{{- define "workload.namespacePeer" -}}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ . | quote }}
{{- end }}
