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

{{- define "tegata.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- define "tegata.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{/* The policies and keys as one folder. The argument: the release's context, and the suffix of the ConfigMaps' names. */}}
{{- define "tegata.policyVolume" -}}
{{- $name := include "tegata.name" (index . 0) -}}
{{- $keys := (index . 0).Values.keys -}}
name: policies
projected:
  sources:
    - configMap: {name: {{ $name }}-policies{{ index . 1 }}}
    {{- if $keys }}
    - configMap:
        name: {{ $name }}-keys{{ index . 1 }}
        items:
          {{- range $file, $_ := $keys }}
          - {key: {{ $file }}, path: keys/{{ $file }}}
          {{- end }}
    {{- end }}
{{- end -}}
