{{/* The `restricted` Pod Security profile, the pod's half. */}}
{{- define "workload.podSecurityContext" -}}
runAsNonRoot: true
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* ... and the container's. */}}
{{- define "workload.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* What must restart the pods when it changes, though nothing else of them does. */}}
{{- define "workload.podAnnotations" -}}
{{- /* A new Secret under a known name. */ -}}
{{- with .Values.secrets }}
checksum/secrets: {{ toJson . | sha256sum | quote }}
{{- end }}
{{- /* The first AWS permission: credentials are injected when a pod is created. */ -}}
{{- with (.Values.identity | default dict).region }}
workload/identity: {{ . | quote }}
{{- end }}
{{- end }}

{{/* A node that is drained or given back is not the container's failure. */}}
{{- define "workload.podFailurePolicy" -}}
rules:
  - action: Ignore
    onPodConditions:
      - type: DisruptionTarget
        status: "True"
{{- end }}

{{/* Kubernetes expands $(NAME) in a value and shortens $$: doubled, each dollar arrives as it was written. */}}
{{- define "workload.env" -}}
{{- range $name, $value := .Values.env }}
- name: {{ $name | quote }}
  value: {{ $value | replace "$" "$$" | quote }}
{{- end }}
{{- with .Values.secrets }}
{{- range $name, $_ := .keys }}
{{- if hasKey ($.Values.env | default dict) $name }}
{{- fail (printf "%s stands in both env and secrets.keys: keep one" $name) }}
{{- end }}
- name: {{ $name | quote }}
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.name | quote }}
      key: {{ $name | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "workload.podSpec" -}}
serviceAccountName: {{ .Values.serviceAccount.name | quote }}
# Pod Identity's webhook adds a token of its own to pods that have a role.
automountServiceAccountToken: false
# Without this, a Service named orders puts ORDERS_PORT=tcp://... into every pod of the namespace.
enableServiceLinks: false
{{- with .Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- if hasKey .Values "terminationGracePeriodSeconds" }}
terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds | int64 }}
{{- end }}
securityContext:
  {{- include "workload.podSecurityContext" . | nindent 2 }}
containers:
  - name: {{ .Values.name | quote }}
    image: {{ include "workload.image" .Values.image | quote }}
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
    {{- /* SIGTERM comes when nobody sends requests any more. The grace period, 30 s unless set, holds both. */}}
    {{- with min 10 (div ($.Values.terminationGracePeriodSeconds | default 30) 2) }}
    lifecycle:
      preStop:
        sleep:
          seconds: {{ . }}
    {{- end }}
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
      {{- include "workload.containerSecurityContext" . | nindent 6 }}
    volumeMounts:
      - name: tmp
        mountPath: /tmp
volumes:
  - name: tmp
    emptyDir:
      # A pod that writes more is evicted before it fills the node's disk.
      sizeLimit: 1Gi
{{- end }}
