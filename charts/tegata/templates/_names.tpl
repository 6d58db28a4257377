{{- define "tegata.name" -}}
{{- printf "%s" (ternary .Release.Name (printf "%s-tegata" .Release.Name) (contains "tegata" .Release.Name)) | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "tegata.selector" -}}
app.kubernetes.io/name: tegata
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "tegata.labels" -}}
{{ include "tegata.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "tegata.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}
