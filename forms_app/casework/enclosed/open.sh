#!/bin/sh
# Opens the sample with the recovery key and writes result.txt. It needs age, sha256sum and sh, no network, and
# writes nothing of what is inside: only hashes of it. Usage: sh open.sh KEYFILE
set -u
cd "$(dirname "$0")" || exit 2
key=${1:?usage: sh open.sh KEYFILE}
case $key in /*) ;; *) key=$OLDPWD/$key ;; esac
[ -r "$key" ] || { echo "Cannot read $key"; exit 2; }
command -v age > /dev/null || { echo "The program age is not installed on this machine."; exit 2; }

failed=0
: > result.txt
while read -r name expected; do
  if [ "$name" = drill ]; then
    echo "drill $expected" >> result.txt
    continue
  fi
  inner=$(age --decrypt --identity "$key" "sealed/$name" 2> /dev/null | sha256sum)
  inner=${inner%% *}
  check=$(printf %s "$inner" | sha256sum)
  check=${check%% *}
  if [ "$check" = "$expected" ]; then
    echo "ok      $name"
  else
    echo "FAILED  $name"
    failed=1
  fi
  echo "$name $expected $inner" >> result.txt
done < expected.txt

while read -r mark word what public; do
  if [ "$mark $word $what" = "# public key:" ]; then
    echo "key $public" >> result.txt
  fi
done < "$key"

if [ "$failed" = 0 ]; then
  echo "Everything was opened. Take result.txt back."
else
  echo "Not everything could be opened. Take result.txt back all the same, and keep the key."
fi
exit "$failed"
