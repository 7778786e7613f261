{{/* Its own name: under the workload's, the Service would send requests to the check. A Job's name has 63 characters. */}}
{{- define "workload.identityName" -}}
{{ .Values.name | trunc 54 | trimSuffix "-" }}-identity
{{- end }}

{{- define "workload.identityPodLabels" -}}
app.kubernetes.io/name: {{ include "workload.identityName" . | quote }}
{{ include "workload.placeLabels" . }}
{{- end }}

{{/* A hook is deleted when the sync has succeeded; after a failure it stays to be looked at, until the next try. */}}
{{- define "workload.identityMetadata" -}}
name: {{ include "workload.identityName" . | quote }}
labels:
  {{- include "workload.identityPodLabels" . | nindent 2 }}
  {{- include "workload.chartLabels" . | nindent 2 }}
annotations:
  argocd.argoproj.io/hook: PreSync
  argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded
{{- end }}
