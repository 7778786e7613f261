{{/* What the Deployment, the Service and all that selects pods agree on. Immutable in a Deployment: keep it short. */}}
{{- define "workload.selectorLabels" -}}
app.kubernetes.io/name: {{ .Values.name | quote }}
{{- end }}

{{/* Without the chart's version: a new chart alone restarts no pod. */}}
{{- define "workload.podLabels" -}}
{{ include "workload.selectorLabels" . }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- with .Values.partOf }}
app.kubernetes.io/part-of: {{ . | quote }}
{{- end }}
{{- with .Values.image.tag }}
app.kubernetes.io/version: {{ . | trunc 63 | trimAll "-_." | quote }}
{{- end }}
environment: {{ .Values.environment | quote }}
{{- end }}

{{- define "workload.labels" -}}
{{ include "workload.podLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end }}

{{/* repository[:tag][@digest]; with both, the digest decides and the tag is for people. */}}
{{- define "workload.image" -}}
{{ .Values.image.repository }}
{{- with .Values.image.tag }}:{{ . }}{{ end }}
{{- with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* Kubernetes expands $(NAME) in a value and shortens $$: doubled, each dollar arrives as it was written. */}}
{{- define "workload.env" -}}
{{- range $name, $value := .Values.env }}
- name: {{ $name | quote }}
  value: {{ $value | replace "$" "$$" | quote }}
{{- end }}
{{- with .Values.secrets }}
{{- $secretName := .secretName }}
{{- range .keys }}
{{- if hasKey ($.Values.env | default dict) . }}
{{- fail (printf "%s stands in both env and secrets.keys: keep one" .) }}
{{- end }}
- name: {{ . | quote }}
  valueFrom:
    secretKeyRef:
      name: {{ $secretName | quote }}
      key: {{ . | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "workload.podSpec" -}}
serviceAccountName: {{ .Values.serviceAccount.name | quote }}
automountServiceAccountToken: false
# Without this, a Service named orders puts ORDERS_PORT=tcp://... into every pod of the namespace.
enableServiceLinks: false
{{- if hasKey .Values "terminationGracePeriodSeconds" }}
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds | int64 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: {{ .Values.name | quote }}
    image: {{ include "workload.image" . | quote }}
    imagePullPolicy: IfNotPresent
    {{- with .Values.command }}
    command:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with .Values.args }}
    args:
      {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with include "workload.env" . | trim }}
    env:
      {{- . | nindent 6 }}
    {{- end }}
    {{- with .Values.port }}
    ports:
      - name: http
        containerPort: {{ . | int64 }}
        protocol: TCP
    {{- end }}
    {{- range $kind, $probe := .Values.probes }}
    {{ $kind }}Probe:
      httpGet:
        path: {{ $probe.path | quote }}
        port: http
      {{- with omit $probe "path" }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- end }}
    resources:
      {{- toYaml .Values.resources | nindent 6 }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    volumeMounts:
      - name: tmp
        mountPath: /tmp
volumes:
  - name: tmp
    emptyDir: {}
{{- end }}
