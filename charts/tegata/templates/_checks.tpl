{{/*
What can be seen to be wrong before anything is installed: a policy that is not YAML, and a key, certificate or
trusted root that a policy names as keys/NAME and that is not among the values' keys. The rest is for the lint hook.
*/}}
{{- define "tegata.check" -}}
{{- $keys := .Values.keys -}}
{{- with .Values.trustedRoot }}
{{- if not (hasKey $keys .) }}
{{- fail (printf "trustedRoot names %s, which is not among keys" .) }}
{{- end }}
{{- end }}
{{- with .Values.clientAuth }}
{{- if and .caConfigMap .caSecret }}
{{- fail "clientAuth: give caConfigMap or caSecret, not both" }}
{{- end }}
{{- if and .names (not (or .caConfigMap .caSecret)) }}
{{- fail "clientAuth.names requires caConfigMap or caSecret" }}
{{- end }}
{{- if and (not .names) (or .caConfigMap .caSecret) }}
{{- fail "clientAuth: a CA requires names" }}
{{- end }}
{{- end }}
{{- range $file, $text := .Values.policies }}
{{- range $document := regexSplit "(?m)^---(?:[ \t].*)?$" $text -1 }}
{{- $read := fromYaml $document }}
{{- if hasKey $read "Error" }}
{{- fail (printf "policies.%s cannot be read as YAML: %s" $file $read.Error) }}
{{- end }}
{{- include "tegata.checkNames" (dict "file" $file "keys" $keys "value" $read.spec) }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "tegata.checkNames" -}}
{{- $file := .file }}{{ $keys := .keys }}
{{- if kindIs "map" .value }}
{{- range $_, $each := .value }}
{{- include "tegata.checkNames" (dict "file" $file "keys" $keys "value" $each) }}
{{- end }}
{{- else if kindIs "slice" .value }}
{{- range .value }}
{{- include "tegata.checkNames" (dict "file" $file "keys" $keys "value" .) }}
{{- end }}
{{- else if kindIs "string" .value }}
{{- if regexMatch "^(\\./)?keys/[A-Za-z0-9._-]+$" .value }}
{{- $name := regexReplaceAll "^(\\./)?keys/" .value "" }}
{{- if not (hasKey $keys $name) }}
{{- fail (printf "policies.%s names %s, but keys has no %s: give it with --set-file keys.%s=FILE" $file .value $name (replace "." "\\." $name)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}
