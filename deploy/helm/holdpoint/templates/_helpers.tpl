{{- define "holdpoint.fullname" -}}
{{- if .Values.fullnameOverride }}{{ .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "holdpoint.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "holdpoint.labels" -}}
{{ include "holdpoint.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "holdpoint.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else }}{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}
{{- end }}

{{/* Values that contradict each other stop the installation, as they would stop the service. */}}
{{- define "holdpoint.check" -}}
{{- $most := ternary .Values.autoscaling.maxReplicas .Values.replicas .Values.autoscaling.enabled | int }}
{{- if and (eq .Values.store "memory") (or .Values.autoscaling.enabled (gt $most 1)) }}
{{- fail "store: memory is one process: set replicas to 1 and autoscaling.enabled to false, or name a Redis." }}
{{- end }}
{{- if and (eq .Values.archive "memory") (gt $most 1) }}
{{- fail "archive: memory is each replica's own: set archive to mongo, or run one replica." }}
{{- end }}
{{- if and .Values.persistence.enabled (ne .Values.store "memory") }}
{{- fail "persistence is the embedded store's: set store to memory, or persistence.enabled to false." }}
{{- end }}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}
{{- fail "autoscaling.minReplicas is above autoscaling.maxReplicas." }}
{{- end }}
{{- if and (eq .Values.redis.clientType "sentinel") (not .Values.redis.masterName) }}
{{- fail "redis.clientType: sentinel needs redis.masterName." }}
{{- end }}
{{- end }}
