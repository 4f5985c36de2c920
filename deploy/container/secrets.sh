#!/bin/sh
# Draws every secret that compose.yaml names into the folder secrets/, each for the one user who reads it there. Run it once,
# as root, in this folder, when the image `portal` is built. What it prints is the public half of the opening key.
set -eu
: "${PORTAL:=docker run --rm --user 0 --network none --volume $PWD/secrets:/keys --workdir /keys portal portal}"
: "${READER:=10001}" "${DATABASE:=999}"

umask 077
mkdir secrets
cd secrets
draw() { od -A n -N 32 -t x1 /dev/urandom | tr -d ' \n'; }
draw > session
draw > database
# The secret of the portal at your OpenID provider; empty if it has none.
: > oidc
for one in owner citizen staff worker; do
  password=$(draw)
  echo "*:*:*:portal-$one:$password" > "pgpass-$one"
  echo "ALTER ROLE \"portal-$one\" PASSWORD '$password';" >> passwords.sql
done
$PORTAL keys new opening.txt
$PORTAL keys new --signing receipts.pem > /dev/null
$PORTAL keys new --signing trail.pem > /dev/null
chmod 400 ./*
chown "$READER" ./*
chown "$DATABASE" database passwords.sql
