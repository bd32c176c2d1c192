#!/usr/bin/env bash
# Enrols a box and sends one signed heartbeat with nothing but openssl (3.x) and curl.
#
#   API=http://127.0.0.1:8787 TOKEN=<registrar's token> FACILITY=<facility id> BOX=<box id> ./first-beat.sh
#
# KEY names the private key file (default ./<box>.pem); it is made if it is not there. Without TOKEN the box is taken
# to be enrolled already, and only the beat is sent.
set -euo pipefail

api=${API:?the address of the API, such as http://127.0.0.1:8787}
facility=${FACILITY:?the id of the facility in the registry}
box=${BOX:?a name for the box: lower-case letters, digits, hyphens}
key_file=${KEY:-./$box.pem}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# 1. A private key that never leaves the box, and its public key: the last 32 bytes of the DER form.
[ -f "$key_file" ] || (umask 077 && openssl genpkey -algorithm ed25519 -out "$key_file")
public_key=$(openssl pkey -in "$key_file" -pubout -outform DER | tail -c 32 | base64url)
echo "public key: $public_key" >&2

# 2. The registrar enrols the box and its key. Both calls may be repeated.
if [ -n "${TOKEN:-}" ]; then
  for path in "boxes/$box" "boxes/$box/keys/$public_key"; do
    curl --silent --show-error --fail-with-body --output "$work/enrolled" --request PUT \
      --header "authorization: Bearer $TOKEN" --header 'content-type: application/json' --data '{}' \
      "$api/v1/registry/facilities/$facility/$path" || { cat "$work/enrolled" >&2; exit 1; }
  done
  echo "enrolled: $facility/$box" >&2
fi

# 3. The report: a UUIDv7 (48 bits of milliseconds, then random bits), and a sequence above every earlier one.
now_ms=$(($(date +%s) * 1000))
random=$(openssl rand -hex 10)
variant=$(printf '%x' $((0x8 | 0x${random:3:1} & 0x3)))
hex=$(printf '%012x' "$now_ms")
id="${hex:0:8}-${hex:8:4}-7${random:0:3}-$variant${random:4:3}-${random:7:12}"
time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
printf '%s' "{\"id\":\"$id\",\"time\":\"$time\",\"ageMs\":0,\"seq\":${SEQ:-$now_ms},\
\"monitoring\":\"yes\",\"alarmSystem\":\"yes\",\"camerasOnline\":1,\"camerasRecording\":1,\
\"diskUsedPercent\":40,\"queueLength\":0,\"selfTests\":[],\"software\":\"first-beat\"}" >"$work/body"

# 4. The signature base of RFC 9421: one line per component, no newline at the end.
authority=${api#*://}
authority=$(printf '%s' "${authority%%/*}" | tr 'A-Z' 'a-z')
digest="sha-256=:$(openssl dgst -sha256 -binary "$work/body" | openssl base64 -A):"
params='("@method" "@authority" "@path" "content-type" "content-digest")'
params+=";created=$(date +%s);keyid=\"$facility/$box/$public_key\";tag=\"cradlewatch-v1\""
printf '%s\n' \
  '"@method": POST' \
  "\"@authority\": $authority" \
  '"@path": /v1/heartbeats' \
  '"content-type": application/json' \
  "\"content-digest\": $digest" >"$work/base"
printf '%s' "\"@signature-params\": $params" >>"$work/base"

# 5. Ed25519 signs the base itself, not a hash of it: -rawin.
signature=$(openssl pkeyutl -sign -rawin -inkey "$key_file" -in "$work/base" | openssl base64 -A)

# 6. The very bytes that were digested (--data-binary), and an answer per report.
status=$(curl --silent --show-error --output "$work/answer" --write-out '%{http_code}' --request POST \
  --header 'content-type: application/json' --header "content-digest: $digest" \
  --header "signature-input: sig1=$params" --header "signature: sig1=:$signature:" \
  --data-binary "@$work/body" "$api/v1/heartbeats")
cat "$work/answer"
echo
[ "$status" = 200 ]
