{{/* What the Deployment, the Service and all that selects pods agree on. Immutable in a Deployment: keep it short. */}}
{{- define "workload.selectorLabels" -}}
app.kubernetes.io/name: {{ .Values.name | quote }}
{{- end }}

{{/* What says where a pod belongs, without its name. */}}
{{- define "workload.placeLabels" -}}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- with .Values.partOf }}
app.kubernetes.io/part-of: {{ . | quote }}
{{- end }}
environment: {{ .Values.environment | quote }}
{{- end }}

{{/* Without the chart's version: a new chart alone restarts no pod. */}}
{{- define "workload.podLabels" -}}
{{ include "workload.selectorLabels" . }}
{{ include "workload.placeLabels" . }}
{{- with .Values.image.tag }}
app.kubernetes.io/version: {{ . | trunc 63 | trimAll "-_." | quote }}
{{- end }}
{{- end }}

{{- define "workload.chartLabels" -}}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end }}

{{- define "workload.labels" -}}
{{ include "workload.podLabels" . }}
{{ include "workload.chartLabels" . }}
{{- end }}

{{/* An image's repository[:tag][@digest]; with both, the digest decides and the tag is for people. */}}
{{- define "workload.image" -}}
{{ .repository }}
{{- with .tag }}:{{ . }}{{ end }}
{{- with .digest }}@{{ . }}{{ end }}
{{- end }}
