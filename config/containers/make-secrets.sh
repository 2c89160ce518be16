#!/bin/sh
# Makes the folder `secrets` for docker-compose.yml: passwords, and keys and certificates for what
# is encrypted between the containers. Nothing that is there already is touched.
set -eu
mkdir -m 700 secrets
cd secrets
umask 277

random() { openssl rand -hex 32 | tr -d '\n'; }
random > secret_key
for name in database owner app; do random > "${name}_password"; done
broker=$(random)
printf 'requirepass %s\n' "$broker" > broker_conf
printf 'rediss://:%s@redis:6379/0?ssl_ca_certs=/run/secrets/inside_ca' "$broker" > broker_url
inside='sslmode=verify-full&sslrootcert=/run/secrets/inside_ca'
printf 'postgres://ebb:%s@db:5432/ebb?%s' "$(cat owner_password)" "$inside" > owner_url
printf 'postgres://ebb_app:%s@db:5432/ebb?%s' "$(cat app_password)" "$inside" > database_url
: > email_url  # without an address nothing is sent

# A key for each kind of container, under one that signs them and is thrown away.
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "$@" 2>/dev/null; }
new -x509 -days 3650 -subj /CN=inside -addext keyUsage=critical,keyCertSign \
    -keyout signing_key -out inside_ca
certify() {
    new -subj "/CN=$1" -keyout "$1_key" -out request
    printf '%s\n' "subjectAltName=$2" authorityKeyIdentifier=keyid \
        basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature > extensions
    openssl x509 -req -in request -CA inside_ca -CAkey signing_key -CAcreateserial -days 3650 \
        -extfile extensions -out leaf 2>/dev/null
    cat leaf inside_ca > "$1_certificate"
    rm -f request extensions leaf inside_ca.srl
}
certify web DNS:web,DNS:web-2,DNS:localhost
certify database DNS:db,DNS:localhost
certify broker DNS:redis,DNS:localhost
rm -f signing_key
chmod 444 inside_ca
